import type { WeightsDtype } from '../model-name'

/** In order of preference: int8 is the faster one on a CPU. Some exports lie beside config.json. */
export const ONNX_WEIGHTS: readonly (readonly [WeightsDtype, string])[] = [
  ['int8', 'onnx/model_quantized.onnx'],
  ['fp32', 'onnx/model.onnx'],
  ['int8', 'model_quantized.onnx'],
  ['fp32', 'model.onnx'],
  // For providers that are fastest with them, or who asks for them.
  ['fp16', 'onnx/model_fp16.onnx'],
  ['fp16', 'model_fp16.onnx'],
]
