import type { MessageBoxOptions } from 'electron'
import type { JobRecord } from '../../../shared/schemas/job'

/** What becomes of work that runs while its window is to be closed. */
export type Leaving = 'stop' | 'background' | 'stay'

/** The calls that leaving needs of the contract. */
export interface Jobs {
  list(): Promise<JobRecord[]>
  pause(job: { readonly id: string }): Promise<JobRecord>
  changes(): Promise<AsyncIterable<unknown>>
}

const isTraining = ({ kind }: JobRecord) => kind === 'train' || kind === 'demo'

export async function liveJobs(jobs: Pick<Jobs, 'list'>): Promise<JobRecord[]> {
  return (await jobs.list()).filter(({ state }) => state === 'queued' || state === 'running')
}

/**
 * Asks what is to become of `live`, which is not empty. `quit`: the application goes; `switch`: another workspace is opened,
 * and nothing can run on in this one.
 */
export async function askHowToLeave(
  live: readonly JobRecord[],
  why: 'quit' | 'switch',
  show: (options: MessageBoxOptions) => Promise<{ response: number }>,
): Promise<Leaving> {
  const trains = live.some(isTraining)
  const others = live.some((job) => !isTraining(job))
  const choices: readonly (readonly [Leaving, string])[] = [
    ['stop', `${trains ? 'Pause' : 'Stop'} and ${why === 'quit' ? 'quit' : 'open'}`],
    ...(why === 'quit' ? ([['background', 'Finish in the background']] as const) : []),
    ['stay', 'Cancel'],
  ]
  const { response } = await show({
    type: 'question',
    message: live.length === 1 ? `${live[0].title} is running.` : `${live.length} jobs are running.`,
    detail: [
      trains ? 'A training that is paused can be resumed where it stopped.' : '',
      others ? 'Other work begins again; what was encoded stays.' : '',
      why === 'quit'
        ? 'In the background it is finished without a window, and the application quits then.'
        : '',
    ]
      .filter(Boolean)
      .join('\n'),
    buttons: choices.map(([, label]) => label),
    defaultId: 0,
    cancelId: choices.length - 1,
    noLink: true,
  })
  return choices[response]?.[0] ?? 'stay'
}

/** Pauses what can be paused; the rest is stopped when the workspace closes. */
export async function pauseTrainings(jobs: Pick<Jobs, 'list' | 'pause'>): Promise<void> {
  const trainings = (await liveJobs(jobs)).filter(isTraining)
  // One that ends in this moment cannot be paused, and need not be.
  await Promise.allSettled(trainings.map(({ id }) => jobs.pause({ id })))
}

/** Resolves when nothing runs or waits any more. */
export async function untilIdle(jobs: Pick<Jobs, 'list' | 'changes'>): Promise<void> {
  const changes = await jobs.changes()
  if ((await liveJobs(jobs)).length === 0) return
  for await (const _ of changes) if ((await liveJobs(jobs)).length === 0) return
}
