import type { OnnxConstant, OnnxNode } from '../../formats/onnx-model'
import { type AffineHead, LAYER_NORM_EPSILON } from '../../hypernet/head'

export interface GraphPart {
  readonly nodes: readonly OnnxNode[]
  readonly constants: readonly OnnxConstant[]
}

/**
 * A head as nodes: normalize(W·x + b), with layer normalisation in between where it has one. Means are products with a row
 * of 1/outputs, since the operators that reduce take their axes otherwise in every few opsets; these are the same from 11 on.
 * @param input name of [n, d]  @param output name of [n, outputs], unit rows  @param prefix of all names that it makes
 */
export function headNodes(
  { weight, bias, norm }: AffineHead,
  { input, output, prefix }: { readonly input: string; readonly output: string; readonly prefix: string },
): GraphPart {
  const name = (part: string) => `${prefix}${part}`
  const outputs = weight.rows
  const row = (part: string, data: Float32Array): OnnxConstant => ({
    name: name(part),
    shape: [data.length],
    data,
  })
  const nodes: OnnxNode[] = [
    {
      op: 'Gemm',
      inputs: [input, name('W'), name('b')],
      outputs: [name('moved')],
      attributes: { transB: 1 },
    },
  ]
  const constants = [{ name: name('W'), shape: [outputs, weight.columns], data: weight.data }, row('b', bias)]
  if (norm) {
    const mean = {
      name: name('mean weights'),
      shape: [outputs, 1],
      data: new Float32Array(outputs).fill(1 / outputs),
    }
    constants.push(mean, row('scale', norm.scale), row('shift', norm.shift))
    constants.push(row('epsilon', Float32Array.of(LAYER_NORM_EPSILON)))
    const step = (op: string, to: string, ...from: string[]) =>
      nodes.push({ op, inputs: from.map(name), outputs: [name(to)] })
    step('MatMul', 'mean', 'moved', 'mean weights')
    step('Sub', 'centred', 'moved', 'mean')
    step('Mul', 'squares', 'centred', 'centred')
    step('MatMul', 'variance', 'squares', 'mean weights')
    step('Add', 'variance + epsilon', 'variance', 'epsilon')
    step('Sqrt', 'deviation', 'variance + epsilon')
    step('Div', 'standard', 'centred', 'deviation')
    step('Mul', 'scaled', 'standard', 'scale')
    step('Add', 'normed', 'scaled', 'shift')
  }
  nodes.push(unitNode(name(norm ? 'normed' : 'moved'), output))
  return { nodes, constants }
}

/** Rows to unit length. */
export function unitNode(input: string, output: string): OnnxNode {
  return { op: 'LpNormalization', inputs: [input], outputs: [output], attributes: { axis: -1, p: 2 } }
}
