import type { OperationInput, OperationName, OperationOutput } from '../../pipeline/operation'
import { type OperationStops, OperationWorker, throwIfStopped } from './operation-worker'
import type { WorkerPlace } from './worker-process'

/**
 * Runs one operation in a process of its own, so that a crash, an out-of-memory or a native abort costs a job and not
 * the workbench. Resolves when the answer is there and the process is gone (its memory is free for the next job).
 */
export async function runOperation<Name extends OperationName>(
  name: Name,
  input: OperationInput<Name>,
  options: WorkerPlace & OperationStops,
): Promise<OperationOutput<Name>> {
  throwIfStopped(options)
  const worker = new OperationWorker(options, false)
  try {
    return await worker.request(name, input, options)
  } finally {
    await worker.dismiss()
  }
}
