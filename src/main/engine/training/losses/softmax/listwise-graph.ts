import { onnxModel } from '../../../formats/onnx-model'

/**
 * The corpus-sized part of the listwise loss as a small ONNX graph, forward and backward at once, for n queries,
 * m candidates and t targets:
 *
 *   logits = queries·candidatesᵀ / τ + mask           [n, m]; mask is 0 or a large negative number
 *   logp   = logsoftmax(logits)[targets]              [t]
 *   pull   = (softmax(logits) − shares)·candidates / τ   [n, d], ∂loss/∂queries but for a factor of each query;
 *            shares are what the targets have of 1, nothing elsewhere
 *
 * A handful of nodes: on two cores an order of magnitude faster than the same in TensorFlow.js (docs/method.md#loss).
 * @param among `corpus`: candidates are the rows `chosen` of `corpus`; `candidates`: they are given
 */
export function listwiseGraph(
  dimensions: number,
  temperature: number,
  among: 'candidates' | 'corpus' = 'candidates',
): Uint8Array {
  const alpha = { float: 1 / temperature }
  const gathers = among === 'corpus'
  return onnxModel({
    name: 'listwise',
    nodes: [
      ...(gathers ? [{ op: 'Gather', inputs: ['corpus', 'chosen'], outputs: ['candidates'] }] : []),
      {
        op: 'Gemm',
        inputs: ['queries', 'candidates', 'mask'],
        outputs: ['logits'],
        attributes: { alpha, transB: 1 },
      },
      { op: 'LogSoftmax', inputs: ['logits'], outputs: ['logProbabilities'], attributes: { axis: 1 } },
      { op: 'GatherND', inputs: ['logProbabilities', 'targets'], outputs: ['logp'] },
      { op: 'Exp', inputs: ['logProbabilities'], outputs: ['probabilities'] },
      { op: 'Exp', inputs: ['logp'], outputs: ['reached'] },
      { op: 'Sub', inputs: ['reached', 'shares'], outputs: ['missing'] },
      { op: 'ScatterND', inputs: ['probabilities', 'targets', 'missing'], outputs: ['residuals'] },
      { op: 'Gemm', inputs: ['residuals', 'candidates'], outputs: ['pull'], attributes: { alpha } },
    ],
    inputs: [
      { name: 'queries', type: 'float', shape: ['n', dimensions] },
      { name: gathers ? 'corpus' : 'candidates', type: 'float', shape: ['documents', dimensions] },
      ...(gathers ? [{ name: 'chosen', type: 'int64' as const, shape: ['m'] }] : []),
      { name: 'mask', type: 'float', shape: ['n', 'm'] },
      { name: 'targets', type: 'int64', shape: ['t', 2] },
      { name: 'shares', type: 'float', shape: ['t'] },
    ],
    outputs: [
      { name: 'logp', type: 'float', shape: ['t'] },
      { name: 'pull', type: 'float', shape: ['n', dimensions] },
    ],
  })
}
