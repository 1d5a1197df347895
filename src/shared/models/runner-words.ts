import type { ModelRecord } from '../schemas/model'

/** What runs a model's graph, and why it is not ONNX Runtime alone; of a model without a graph nothing. */
export function runnerWords(runner: ModelRecord['runner']): string {
  if (runner === null) return ''
  return runner.why === null ? runner.by : `${runner.by}, since ${runner.why}`
}
