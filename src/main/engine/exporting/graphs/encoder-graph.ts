import { readFile } from 'node:fs/promises'
import { HydraError } from '../../../../shared/errors'
import { externalData } from '../../encoders/graphs/external-data'
import type { ResolvedModel } from '../../encoders/model-folder'
import { type OnnxConstant, type OnnxNode, readOnnxModel } from '../../formats/onnx-model'
import type { AffineHead } from '../../hypernet/head'
import { type GraphPart, headNodes, unitNode } from './head-nodes'

const PREFIX = 'hydra/'
const MASK = 'attention_mask'
/** CumSum, and slices whose bounds are inputs. */
const LEAST_OPSET = 11

/**
 * Encoder and head as one graph: token ids and mask in, `sentence_embedding` [n, outputs] out, unit rows. The encoder's nodes
 * and weights stay as they are; pooling, cut, unit length and head stand behind them.
 * @param head null: the encoder alone  @param instead what to export where this encoder cannot be one
 * @throws MODEL_UNSUPPORTED where the encoder is no single ONNX file of token vectors
 */
export async function encoderGraph(
  model: ResolvedModel,
  head: AffineHead | null,
  instead: { readonly remedy: string; readonly command: string },
): Promise<Uint8Array> {
  const unsupported = (expected: string, got: string) =>
    new HydraError('MODEL_UNSUPPORTED', {
      expected,
      got,
      ...instead,
      where: model.weights,
    })
  if (model.kind !== 'transformer')
    throw unsupported('an encoder with an ONNX graph', `the static model ${model.id}`)
  const beside = await externalData(model.weights)
  if (beside.length > 0)
    throw unsupported('an encoder whose weights lie in its graph', `weights in ${beside.join(', ')}`)
  const encoder = readOnnxModel(await readFile(model.weights))
  if (encoder.opset < LEAST_OPSET)
    throw unsupported(`a graph of opset ${LEAST_OPSET} or later`, `opset ${encoder.opset}`)
  if (!encoder.inputs.includes(MASK)) throw unsupported(`an input ${MASK}`, encoder.inputs.join(', '))
  const output = 'sentence_embedding'
  const unit = head ? `${PREFIX}unit` : output
  const pooled = poolingNodes(encoder.outputs[0], unit, model)
  const ending = head
    ? headNodes(head, { input: unit, output, prefix: PREFIX })
    : { nodes: [], constants: [] }
  return encoder.extend({
    nodes: [...pooled.nodes, ...ending.nodes],
    constants: [...pooled.constants, ...ending.constants],
    outputs: [{ name: output, type: 'float', shape: ['batch_size', head?.weight.rows ?? model.dimensions] }],
  })
}

/**
 * Token vectors [n, t, width] to unit vectors [n, d]: a sum over tokens with weights 0 and 1. Which weights: of a mean the
 * mask, since only the direction of the sum is kept; of the first or last token where the mask, added up from the left or the
 * right, is 1.
 */
function poolingNodes(
  tokens: string,
  output: string,
  { pooling, width, dimensions }: ResolvedModel,
): GraphPart {
  const name = (part: string) => `${PREFIX}${part}`
  const nodes: OnnxNode[] = []
  const constants: OnnxConstant[] = []
  const whole = (part: string, ...values: number[]) => {
    constants.push({ name: name(part), shape: [values.length], data: BigInt64Array.from(values, BigInt) })
    return name(part)
  }
  const toFloat = (input: string, output: string) =>
    nodes.push({ op: 'Cast', inputs: [input], outputs: [output], attributes: { to: 1 } })
  toFloat(MASK, name('mask'))
  let weights = name('mask')
  if (pooling !== 'mean') {
    const attributes = { reverse: pooling === 'last' ? 1 : 0 }
    const axis = whole('token axis', 1)
    const place = name('place')
    nodes.push({ op: 'CumSum', inputs: [MASK, axis], outputs: [place], attributes })
    nodes.push({ op: 'Equal', inputs: [place, whole('one', 1)], outputs: [name('is chosen')] })
    toFloat(name('is chosen'), name('chosen'))
    weights = name('chosen and no padding')
    nodes.push({ op: 'Mul', inputs: [name('chosen'), name('mask')], outputs: [weights] })
  }
  nodes.push(
    { op: 'Reshape', inputs: [weights, whole('weight shape', 0, 1, -1)], outputs: [name('weights')] },
    { op: 'MatMul', inputs: [name('weights'), tokens], outputs: [name('sums')] },
    { op: 'Reshape', inputs: [name('sums'), whole('vector shape', -1, width)], outputs: [name('pooled')] },
  )
  let pooled = name('pooled')
  if (dimensions !== width) {
    const bounds = [whole('cut from', 0), whole('cut to', dimensions), whole('cut axis', 1)]
    pooled = name('cut')
    nodes.push({ op: 'Slice', inputs: [name('pooled'), ...bounds], outputs: [pooled] })
  }
  nodes.push(unitNode(pooled, output))
  return { nodes, constants }
}
