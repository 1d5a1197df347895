import type { RunRecord } from './schemas/run'

/** Whether the run's training can go on: nothing runs it, nobody gave it up, and it has not got to its end. */
export function isResumable({ kind, state }: Pick<RunRecord, 'kind' | 'state'>): boolean {
  return kind !== 'frozen' && (state === 'paused' || state === 'interrupted' || state === 'failed')
}
