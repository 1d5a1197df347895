import { z } from 'zod'
import type { Spec } from '../numeric/registry'

const citation =
  'Reimers and Gurevych, Sentence-BERT: sentence embeddings using Siamese BERT-networks, EMNLP 2019'
const options = z.strictObject({})

/** What `--encoder` takes. All of them are opened alike, by what their folder says (model-folder.ts). */
export const encoders: readonly Spec[] = [
  {
    name: 'all-MiniLM-L6-v2',
    title: 'all-MiniLM-L6-v2',
    summary:
      'Comes with the workbench: 384 dimensions, 256 tokens, mean pooling, int8 weights. Six layers, the fastest of its kind.',
    citation,
    options,
  },
  {
    name: 'folder',
    title: 'A model folder',
    summary:
      'A name below models/ of the workspace, or a path: Hugging Face layout with onnx/model_quantized.onnx or onnx/model.onnx, mean or CLS pooling. :int8 or :fp32 at the end picks the weights where there are both.',
    citation,
    options,
  },
]
