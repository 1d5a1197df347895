import { beforeAll, describe, expect, it } from 'vitest'
import { isProcessAlive } from '../../../src/main/files/process-identity'
import { runOperation } from '../../../src/main/jobs/processes/operation-process'
import { WorkerProcess } from '../../../src/main/jobs/processes/worker-process'
import type { JobEvent } from '../../../src/shared/schemas/job'
import { bundleFixture } from '../../bundle-fixture'
import { waitUntil } from '../../wait-until'

let script: string
beforeAll(async () => {
  script = await bundleFixture('test/jobs/processes/fixture-worker.ts')
})

function start(source: string, options: { controller?: AbortController; graceMs?: number } = {}) {
  const events: JobEvent[] = []
  const controller = options.controller ?? new AbortController()
  const output = runOperation(
    'import-dataset',
    { source, seed: 5 },
    {
      workspace: '/nowhere',
      appRoot: '/nowhere',
      script,
      signal: controller.signal,
      graceMs: options.graceMs,
      emit: (event) => events.push(event),
    },
  )
  // Whoever awaits it sees the failure; until then it is no unhandled one.
  output.catch(() => undefined)
  return { output, events, controller }
}

const logs = (events: readonly JobEvent[]) =>
  events.flatMap((event) => (event.type === 'log' ? [event.message] : []))

describe('runOperation', () => {
  it('streams events in order and gives the output', async () => {
    const { output, events } = start('echo')
    expect((await output).id).toBe('echo')
    expect(events.map((event) => event.type)).toEqual(['progress', 'progress', 'progress', 'log'])
    expect(logs(events)).toEqual(['seed 5'])
  })

  it('hands a coded error over as it was thrown', async () => {
    await expect(start('fail').output).rejects.toMatchObject({
      code: 'DATASET_EMPTY',
      detail: { expected: 'a', got: 'b', remedy: 'c', where: 'corpus.jsonl:3' },
    })
  })

  it('reports a bug as INTERNAL', async () => {
    await expect(start('bug').output).rejects.toMatchObject({ code: 'INTERNAL' })
  })

  it('reports a crash with the last lines that the process printed', async () => {
    const { output } = start('crash')
    await expect(output).rejects.toMatchObject({ code: 'WORKER_CRASHED' })
    await expect(output).rejects.toThrow(/code 7[\s\S]*something native broke/)
  })

  it('reports a process that the system killed', async () => {
    const { output } = start('killed')
    await expect(output).rejects.toMatchObject({ code: 'WORKER_CRASHED' })
    await expect(output).rejects.toThrow(/SIGKILL/)
  })

  it('stops an operation that listens', async () => {
    const { output, events, controller } = start('hang', { graceMs: 60_000 })
    await waitUntil(() => logs(events).includes('hanging'))
    controller.abort()
    await expect(output).rejects.toMatchObject({ code: 'CANCELLED' })
  })

  it.each(['stubborn', 'nested stubborn'])(
    'kills one that does not (%s), with all its children',
    async (source) => {
      const { output, events, controller } = start(source, { graceMs: 200 })
      await waitUntil(() => logs(events).length > 0)
      const grandchild = Number(logs(events)[0].split(' ')[1])
      expect(isProcessAlive(grandchild)).toBe(true)
      controller.abort()
      await expect(output).rejects.toMatchObject({ code: 'CANCELLED' })
      await waitUntil(() => !isProcessAlive(grandchild))
    },
  )

  it('starts nothing when it is cancelled already', async () => {
    const controller = new AbortController()
    controller.abort()
    const { output, events } = start('echo', { controller })
    await expect(output).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(events).toEqual([])
  })

  it('lets an operation start another one, whose events and output come through', async () => {
    const { output, events } = start('nested')
    expect((await output).id).toBe('echo')
    expect(logs(events)).toEqual(['seed 6'])
  })

  it('gives the next operation the process of the one before, unless that failed', async () => {
    const { output, events } = start('nested one by one')
    await output
    const [first, failed, second, third] = logs(events)
    expect(failed).toBe('failed')
    expect(second).not.toBe(first)
    expect(third).toBe(second)
    await waitUntil(() => ![first, second].some((pid) => isProcessAlive(Number(pid))))
  })

  it('says when a training makes no more steps, and ends it so that it can be resumed', async () => {
    const events: JobEvent[] = []
    const output = runOperation(
      'train-system',
      { run: 'r', system: { row: 'task card', task: null }, leads: '3', threads: 1 },
      {
        workspace: '/nowhere',
        appRoot: '/nowhere',
        script,
        signal: new AbortController().signal,
        emit: (event) => events.push(event),
        steps: { what: 'the system', wordMs: 300, boundMs: 1200 },
      },
    )
    await expect(output).rejects.toMatchObject({
      code: 'TRAINING_STALLED',
      detail: { expected: 'the next step of the system', got: 'none for 1.2 s after step 3' },
    })
    const warnings = events.filter((event) => event.type === 'log' && event.level === 'warning')
    expect(warnings).toMatchObject([{ message: 'the system: no step for 0.3 s, the last one was 3' }])
  })

  it('ends a process whose event loop no longer turns', async () => {
    let heard: () => void
    const said = new Promise<void>((resolve) => {
      heard = resolve
    })
    const worker = new WorkerProcess(
      { workspace: '/nowhere', appRoot: '/nowhere', script },
      { nested: false, silenceBoundMs: 4000 },
    )
    worker.onMessage = () => heard()
    const input = { source: 'stubborn', seed: 1 }
    const place = { workspace: '/nowhere', appRoot: '/nowhere' }
    worker.send({ type: 'start', id: 1, name: 'import-dataset', input, agreed: false, ...place })
    await said
    const end = await worker.ended
    expect(end.signal).toBe('SIGKILL')
    expect(worker.crash('an import', end).message).toContain('no sign of life')
  })
})
