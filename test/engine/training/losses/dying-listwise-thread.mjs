/** The script LISTWISE_THREAD, which ends or falls silent at the step that LISTWISE_FAULT names, as `end 5`. */
import { pathToFileURL } from 'node:url'
import { parentPort } from 'node:worker_threads'

const [fault, at] = process.env.LISTWISE_FAULT.split(' ')
let orders = 0
parentPort.on('message', () => {
  if (++orders !== Number(at)) return
  if (fault === 'end') process.exit(3)
  if (fault === 'throw') throw new Error('out of this world')
  // Deaf: the training thread sleeps, and nothing here will wake it.
  if (fault === 'silence') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
})
if (fault === 'never') process.exit(4)
await import(pathToFileURL(process.env.LISTWISE_THREAD).href)
