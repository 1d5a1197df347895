import { parentPort, workerData } from 'node:worker_threads'
import { createMatrix, gatherRows } from '../../../numeric/matrix'
import { awaitInputs, giveAnswer } from './handshake'
import { createListwiseLoss } from './listwise-loss'
import type { ListwiseOrder, ListwiseThreadData } from './listwise-protocol'

/** The network's forward pass takes milliseconds to seconds; a training thread that needs longer is gone or stuck. */
const INPUTS_BOUND_MS = 10 * 60_000

/**
 * Thread entry. While the training thread runs the network forward, this one gathers the candidates; then it waits for
 * the query vectors, lets ONNX Runtime work, and wakes the training thread.
 */
async function main(): Promise<void> {
  const port = parentPort
  if (!port) throw new Error('listwise-thread is a worker thread entry')
  const { control, queries, gradient, loss, rowLosses, corpora, failures, dimensions, temperature } =
    workerData as ListwiseThreadData
  const state = new Int32Array(control)
  const lossOut = new Float64Array(loss)
  const queryData = new Float32Array(queries)
  const gradientData = new Float32Array(gradient)
  const rowData = new Float64Array(rowLosses)
  const documents = corpora.map((buffer) => {
    if (!buffer) return null
    const data = new Float32Array(buffer)
    return createMatrix(data.length / dimensions, dimensions, data)
  })
  const listwise = await createListwiseLoss(dimensions, temperature)
  // Whatever ends this thread: the training thread may be asleep and hear of it in no other way.
  process.once('exit', () => giveAnswer(state, 'ended'))
  // Some 5 MB a step: new memory each time would be zeroed and faulted in each time.
  let gathered = new Float32Array(0)
  port.on('message', async (order: ListwiseOrder) => {
    try {
      const values = order.reduce((sum, { candidates }) => sum + candidates.length * dimensions, 0)
      if (gathered.length < values) gathered = new Float32Array(values)
      let place = 0
      const parts = order.map((part) => {
        const rows = part.candidates.length
        const data = gathered.subarray(place, place + rows * dimensions)
        place += data.length
        const corpus = documents[part.corpus]
        // ONNX Runtime takes no shared memory.
        if (part.gathered) data.set(part.gathered)
        else if (corpus) gatherRows(corpus, part.candidates, data)
        return { ...part, candidates: createMatrix(rows, dimensions, data) }
      })
      const n = order.reduce((sum, { queries: count }) => sum + count, 0)
      if (!awaitInputs(state, INPUTS_BOUND_MS)) throw new Error('no query vectors came')
      let first = 0
      let sum = 0
      for (const { queries: count, candidates, ...batch } of parts) {
        const [from, to] = [first * dimensions, (first + count) * dimensions]
        const gradient = gradientData.subarray(from, to)
        const rowLosses = rowData.subarray(first, first + count)
        first += count
        if (candidates.rows === 0) {
          gradient.fill(0)
          rowLosses.fill(0)
          continue
        }
        // ONNX Runtime takes no shared memory, so the rows are copied: 200 KB.
        const rows = createMatrix(count, dimensions, Float32Array.from(queryData.subarray(from, to)))
        sum += await listwise.evaluate(rows, candidates, batch, n, { gradient, rowLosses })
      }
      lossOut[0] = sum
      giveAnswer(state, 'done')
    } catch (thrown) {
      failures.postMessage(thrown instanceof Error ? thrown.message : String(thrown))
      giveAnswer(state, 'failed')
    }
  })
  port.postMessage('ready')
}

await main()
