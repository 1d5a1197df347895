import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { JobQueue, type JobRequest } from '../../../src/main/jobs/queue/job-queue'
import { workspacePaths } from '../../../src/main/workspace/paths'
import { readEvents } from '../../../src/main/workspace/runs/run-events'
import { createRun, readRun, updateRun } from '../../../src/main/workspace/runs/run-folder'
import { askRun, readRunRequest } from '../../../src/main/workspace/runs/run-request'
import { HydraError, paused } from '../../../src/shared/errors'
import type { JobEvent, JobRecord } from '../../../src/shared/schemas/job'
import { runDraft } from '../../run-draft'
import { temporaryFolder } from '../../temporary-folder'
import { waitUntil } from '../../wait-until'

const now = () => new Date('2026-03-04T05:06:07Z')

async function openQueue() {
  const workspace = await temporaryFolder()
  return { workspace, queue: new JobQueue({ workspace, now }) }
}

function job(work: JobRequest['work'], runs: string[] = []): JobRequest {
  return { kind: 'train', title: 'a job', runs, work }
}

/** Work that waits for its cue. */
function waiting() {
  let finish: () => void = () => undefined
  const cue = new Promise<void>((resolve) => {
    finish = resolve
  })
  const work: JobRequest['work'] = ({ signal }) =>
    Promise.race([
      cue,
      new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(new Error('stop')))),
    ])
  return { work, finish }
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

describe('JobQueue', () => {
  it('runs one job at a time, in the order in which they came', async () => {
    const { queue } = await openQueue()
    const [first, second] = [waiting(), waiting()]
    const a = queue.start(job(first.work))
    const b = queue.start(job(second.work))
    expect([a.state, b.state]).toEqual(['running', 'queued'])
    first.finish()
    await queue.ended(a.id)
    await new Promise((resolve) => setTimeout(resolve))
    expect([queue.show(a.id).state, queue.show(b.id).state]).toEqual(['done', 'running'])
    second.finish()
    await queue.ended(b.id)
    expect(queue.list().map(({ id }) => id)).toEqual([b.id, a.id])
  })

  it('runs jobs of one undertaking side by side, and nothing beside them or past one that waits', async () => {
    const { queue } = await openQueue()
    const works = Array.from({ length: 5 }, waiting)
    const names = ['one', 'one', undefined, 'one', 'two']
    const jobs = works.map(({ work }, i) => queue.start({ ...job(work), together: names[i] }))
    const states = () => jobs.map(({ id }) => queue.show(id).state)
    expect(states()).toEqual(['running', 'running', 'queued', 'queued', 'queued'])
    const end = async (i: number) => {
      works[i].finish()
      await queue.ended(jobs[i].id)
      await new Promise((resolve) => setTimeout(resolve))
    }
    await end(1)
    expect(states()).toEqual(['running', 'done', 'queued', 'queued', 'queued'])
    await end(0)
    expect(states()).toEqual(['done', 'done', 'running', 'queued', 'queued'])
    await end(2)
    expect(states()).toEqual(['done', 'done', 'done', 'running', 'queued'])
    await end(3)
    expect(states().at(-1)).toBe('running')
    await end(4)
  })

  it('keeps run.json true: done, failed with its reason, cancelled', async () => {
    const { workspace, queue } = await openQueue()
    const create = async () => (await createRun(workspace, runDraft(), 'x', now())).id
    const [good, bad, stopped, queued] = [await create(), await create(), await create(), await create()]
    const failure = new HydraError('TASK_UNUSABLE', {
      expected: 'a',
      got: 'no judgments',
      remedy: 'Add some.',
    })
    const hold = waiting()
    const jobs = [
      queue.start(job(async () => undefined, [good])),
      queue.start(job(() => Promise.reject(failure), [bad])),
      queue.start(job(hold.work, [stopped])),
      queue.start(job(async () => undefined, [queued])),
    ]
    await queue.ended(jobs[1].id)
    await queue.cancel(jobs[3].id)
    await queue.cancel(jobs[2].id)
    await Promise.all(jobs.map(({ id }) => queue.ended(id)))
    const states = await Promise.all([good, bad, stopped, queued].map((id) => readRun(workspace, id)))
    expect(states.map(({ state }) => state)).toEqual(['done', 'failed', 'cancelled', 'cancelled'])
    expect(states.map(({ endedAt }) => endedAt)).toEqual(Array(4).fill(now().toISOString()))
    expect(states[1].reason).toContain('TASK_UNUSABLE')
    expect(queue.show(jobs[1].id).error?.code).toBe('TASK_UNUSABLE')
    expect(queue.show(jobs[2].id).error?.code).toBe('CANCELLED')
  })

  it('pauses a training, here or by a request in the run’s folder, and a job that waits at once', async () => {
    const { workspace, queue } = await openQueue()
    const create = async () => (await createRun(workspace, runDraft(), 'x', now())).id
    const [here, elsewhere, queued] = [await create(), await create(), await create()]
    /** Work that saves and says so, or stops at cancel. */
    const training: JobRequest['work'] = ({ signal, pause }) =>
      new Promise((_, reject) => {
        pause.addEventListener('abort', () => reject(paused()))
        signal.addEventListener('abort', () => reject(new Error('stop')))
      })
    const jobs = [here, elsewhere, queued].map((run) => queue.start(job(training, [run])))
    expect(queue.runningJob(here)?.id).toBe(jobs[0].id)
    expect(await queue.pause(jobs[2].id)).toMatchObject({ state: 'paused', error: { code: 'PAUSED' } })
    expect((await queue.pause(jobs[0].id)).state).toBe('paused')
    expect(queue.runningJob(here)).toBeNull()
    await waitUntil(() => queue.show(jobs[1].id).state === 'running')
    await new Promise((resolve) => setTimeout(resolve, 50))
    await askRun(workspace, elsewhere, 'pause')
    await queue.ended(jobs[1].id)
    const runs = await Promise.all([here, elsewhere, queued].map((run) => readRun(workspace, run)))
    expect(runs.map(({ state, reason }) => [state, reason])).toEqual(Array(3).fill(['paused', 'Paused.']))
    expect(await readRunRequest(workspace, elsewhere)).toBeNull()
  })

  it('cancels by a request too, and a request from before the job counts for nothing', async () => {
    const { workspace, queue } = await openQueue()
    const { id: run } = await createRun(workspace, runDraft(), 'x', now())
    await askRun(workspace, run, 'cancel')
    const { id } = queue.start(job(waiting().work, [run]))
    await new Promise((resolve) => setTimeout(resolve, 700))
    expect(queue.show(id).state).toBe('running')
    await askRun(workspace, run, 'cancel')
    await queue.ended(id)
    expect((await readRun(workspace, run)).state).toBe('cancelled')
  })

  it('does not call it a pause when the state could not be saved', async () => {
    const { queue } = await openQueue()
    const { id } = queue.start(
      job(
        ({ pause }) =>
          new Promise((_, reject) =>
            pause.addEventListener('abort', () =>
              reject(Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })),
            ),
          ),
      ),
    )
    expect(await queue.pause(id)).toMatchObject({ state: 'failed', error: { code: 'DISK_FULL' } })
  })

  it('pauses trainings only', async () => {
    const { queue } = await openQueue()
    const { id } = queue.start({ ...job(waiting().work), kind: 'evaluate' })
    await expect(queue.pause(id)).rejects.toMatchObject({ code: 'RUN_STATE' })
    await queue.close()
  })

  it('leaves a run alone that the operation has ended itself', async () => {
    const { workspace, queue } = await openQueue()
    const [first, second] = [
      await createRun(workspace, runDraft(), 'a', now()),
      await createRun(workspace, runDraft(), 'b', now()),
    ]
    const { id } = queue.start(
      job(async () => {
        await updateRun(workspace, first.id, { state: 'done' })
        throw new HydraError('TRAINING_DIVERGED', { expected: 'a', got: 'b', remedy: 'c' })
      }, [first.id, second.id]),
    )
    await queue.ended(id)
    expect((await readRun(workspace, first.id)).state).toBe('done')
    expect((await readRun(workspace, second.id)).state).toBe('failed')
  })

  it('writes a run’s events into its folder and tells them to readers', async () => {
    const { workspace, queue } = await openQueue()
    const [strict, loose] = [
      await createRun(workspace, runDraft(), 'a', now()),
      await createRun(workspace, runDraft(), 'b', now()),
    ]
    const loss = (run: string): JobEvent => ({
      type: 'loss',
      at: 1,
      run,
      arm: 'a',
      step: 1,
      steps: 2,
      loss: 3,
    })
    const log: JobEvent = { type: 'log', at: 2, level: 'info', message: 'both' }
    const { id } = queue.start(
      job(
        async ({ emit }) => {
          emit(loss(strict.id))
          emit(loss(loose.id))
          emit(log)
        },
        [strict.id, loose.id],
      ),
    )
    const seen = await collect(queue.watch(id))
    expect(seen.map((event) => (event.type === 'state' ? event.state : event.type))).toEqual([
      'queued',
      'running',
      'loss',
      'loss',
      'log',
      'done',
    ])
    const kept = (await readEvents(workspace, strict.id)).filter((event) => event.type !== 'state')
    expect(kept).toEqual([loss(strict.id), log])
    expect((await readEvents(workspace, strict.id)).at(-1)).toMatchObject({ type: 'state', state: 'done' })
  })

  it('keeps every event on disk, however many come at once', async () => {
    const { workspace, queue } = await openQueue()
    const { id: run } = await createRun(workspace, runDraft(), 'a', now())
    const { id } = queue.start(
      job(
        async ({ emit }) => {
          for (let step = 0; step < 3000; step++) {
            emit({ type: 'loss', at: step, run, arm: 'a', step, steps: 3000, loss: 1 })
            if (step % 300 === 0) await new Promise((resolve) => setTimeout(resolve, 5))
          }
        },
        [run],
      ),
    )
    await queue.ended(id)
    const text = await readFile(workspacePaths(workspace).run(run).events, 'utf8')
    expect(text.split('\n').filter((line) => line.includes('"loss"'))).toHaveLength(3000)
  })

  it('shows changes of any job, the newest first to matter and at most four a second', async () => {
    const { queue } = await openQueue()
    const controller = new AbortController()
    const records: JobRecord[] = []
    const reading = (async () => {
      for await (const record of queue.changes(controller.signal)) records.push(record)
    })()
    await new Promise((resolve) => setTimeout(resolve))
    const { id } = queue.start(
      job(async ({ emit }) => {
        for (let done = 1; done <= 60; done++) {
          emit({
            type: 'progress',
            at: done,
            progress: { phase: 'p', done, total: 60, unit: 'u', rate: 1, remaining: 0 },
          })
          await new Promise((resolve) => setTimeout(resolve, 10))
        }
      }),
    )
    await queue.ended(id)
    await new Promise((resolve) => setTimeout(resolve, 20))
    controller.abort()
    await reading
    // About .7 s: queued or running at once, three or so of progress, the end at once.
    expect(records.length).toBeLessThanOrEqual(7)
    expect(records.length).toBeGreaterThanOrEqual(3)
    expect(records.at(-1)).toMatchObject({ state: 'done', progress: { done: 60 } })
  })

  it('cancels everything when it closes, and starts nothing after', async () => {
    const { queue } = await openQueue()
    const a = queue.start(job(waiting().work))
    const b = queue.start(job(waiting().work))
    await queue.close()
    expect([queue.show(a.id).state, queue.show(b.id).state]).toEqual(['cancelled', 'cancelled'])
    expect(() => queue.start(job(async () => undefined))).toThrow()
  })

  it('says so when a run’s folder can’t be written', async () => {
    const { queue } = await openQueue()
    const { id } = queue.start(job(async () => undefined, ['20260101-000000-gone-s1']))
    await queue.ended(id)
    expect(queue.show(id)).toMatchObject({ state: 'failed' })
  })

  it('answers JOB_UNKNOWN', async () => {
    const { queue } = await openQueue()
    expect(() => queue.show('x')).toThrow(expect.objectContaining({ code: 'JOB_UNKNOWN' }))
  })
})
