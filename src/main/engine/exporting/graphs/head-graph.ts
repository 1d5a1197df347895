import { onnxModel } from '../../formats/onnx-model'
import type { AffineHead } from '../../hypernet/head'
import { headNodes } from './head-nodes'

/** A head alone: `vectors` [n, d] of the encoder to `embedding` [n, outputs]. */
export function headGraph(head: AffineHead): Uint8Array {
  return onnxModel({
    name: 'hydra head',
    ...headNodes(head, { input: 'vectors', output: 'embedding', prefix: 'head/' }),
    inputs: [{ name: 'vectors', type: 'float', shape: ['n', head.weight.columns] }],
    outputs: [{ name: 'embedding', type: 'float', shape: ['n', head.weight.rows] }],
  })
}
