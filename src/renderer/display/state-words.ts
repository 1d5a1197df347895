import type { JobState } from '../../shared/schemas/job'
import type { RunState } from '../../shared/schemas/run'

/** States as they are called on screen. */
export const STATE_WORDS: Readonly<Record<JobState | RunState, string>> = {
  queued: 'Queued',
  running: 'Running',
  paused: 'Paused',
  done: 'Finished',
  failed: 'Failed',
  cancelled: 'Cancelled',
  interrupted: 'Interrupted',
}
