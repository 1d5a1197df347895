/** Runs on their way: `ended` settles when all are over or, after a pause, when what ran has stopped. */
export interface DrivenRuns {
  readonly ended: Promise<void>
  readonly over: boolean
  /** Begins nothing more, pauses what runs, and resolves when it has stopped. */
  pause(): Promise<void>
}

/**
 * Begins runs in their order, the next one as soon as there is room beside those that run; a first one always has room. A run that
 * fails is its own affair; what keeps one from beginning ends all, and what ran by then is paused.
 */
export function driveRuns<Run>(options: {
  readonly runs: readonly Run[]
  /** Whether another one may begin beside these. */
  hasRoom(next: Run, beside: readonly Run[]): Promise<boolean>
  /** Queues a run; answers with its job. */
  begin(run: Run): Promise<string>
  /** Settles when the job has ended, however it did. */
  jobEnded(job: string): Promise<void>
  pauseJob(job: string): Promise<unknown>
}): DrivenRuns {
  const { runs, hasRoom, begin, jobEnded, pauseJob } = options
  const running = new Map<Run, { readonly job: string; readonly ended: Promise<void> }>()
  let paused = false
  let over = false
  let wake: () => void = () => undefined
  const stop = new Promise<void>((resolve) => {
    wake = resolve
  })

  async function drive(): Promise<void> {
    const waiting = [...runs]
    try {
      while (!paused && (waiting.length > 0 || running.size > 0)) {
        const [next] = waiting
        if (next !== undefined && (running.size === 0 || (await hasRoom(next, [...running.keys()])))) {
          if (paused) return
          waiting.shift()
          const job = await begin(next)
          running.set(next, { job, ended: jobEnded(job).finally(() => running.delete(next)) })
        } else await Promise.race([stop, ...[...running.values()].map(({ ended }) => ended)])
      }
    } finally {
      await Promise.all([...running.values()].map(({ job }) => pauseJob(job)))
    }
  }

  const ended = drive().finally(() => {
    over = true
  })
  ended.catch(() => undefined)
  return {
    ended,
    get over() {
      return over
    },
    async pause() {
      paused = true
      wake()
      await ended.catch(() => undefined)
    },
  }
}
