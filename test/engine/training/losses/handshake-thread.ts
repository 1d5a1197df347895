import { parentPort, workerData } from 'node:worker_threads'
import { awaitInputs, giveAnswer } from '../../../../src/main/engine/training/losses/softmax/handshake'

/** Answers every turn as soon as it comes, with the sum of all turns so far; without orders, so that turns follow at once. */
const { control, value, rounds } = workerData as {
  control: SharedArrayBuffer
  value: SharedArrayBuffer
  rounds: number
}
const state = new Int32Array(control)
const sum = new Float64Array(value)
parentPort?.postMessage('ready')
for (let round = 0; round < rounds; round++) {
  if (!awaitInputs(state, 30_000)) throw new Error(`no inputs for round ${round}`)
  sum[1] += sum[0]
  giveAnswer(state, 'done')
}
