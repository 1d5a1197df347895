import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { expect, it } from 'vitest'
import { openWorkbench } from '../../src/main/services/open-workbench'
import { startEventLoopMeter } from './event-loop-meter'

/** A click that waits longer than this feels late. */
const LONGEST_BLOCK_MS = 50

/** What an open window asks for while a run trains. */
const WINDOW_PERIOD_MS = 500

it('the host’s event loop stays free while a worker imports, encodes and trains', async () => {
  const workspace = await mkdtemp(join(tmpdir(), 'hydra-bench-'))
  const appRoot = resolve(import.meta.dirname, '..', '..')
  const workbench = await openWorkbench({
    workspace,
    appRoot,
    host: 'web',
    mode: 'write',
    now: () => new Date(),
  })
  const client = createRouterClient(workbench.router)
  const watch = async (job: string) => {
    for await (const event of await client.jobs.watch({ id: job })) {
      if (event.type === 'state' && event.error) throw new Error(event.error.got)
    }
  }
  const meter = startEventLoopMeter()
  const window = setInterval(() => {
    void client.runs.list()
    void client.jobs.list()
    void client.datasets.list()
  }, WINDOW_PERIOD_MS)
  try {
    await watch((await client.datasets.import({ source: 'wordnet-finds' })).job)
    await watch((await client.training.start({ tasks: ['wordnet-finds/*'], unseen: 0.2, steps: 100 })).job)
  } finally {
    clearInterval(window)
    const { longestMs, samples } = meter.stop()
    console.log(`event loop of the host: longest block ${longestMs.toFixed(1)} ms over ${samples} looks`)
    await workbench.close()
    await rm(workspace, { recursive: true, force: true })
    expect(longestMs).toBeLessThan(LONGEST_BLOCK_MS)
  }
})
