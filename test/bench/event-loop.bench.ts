import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openWorkbench, type Workbench } from '../../src/main/services/open-workbench'
import { PLAYGROUND_SYSTEMS } from '../../src/shared/playground-systems'
import { startEventLoopMeter } from './event-loop-meter'
import { quantile, typeKeys } from './type-keys'

/** A click that waits longer than this feels late. */
const LONGEST_BLOCK_MS = 50

/** What an open window asks for while a run trains. */
const WINDOW_PERIOD_MS = 500

/** What a key may take until its ranking is there, on 20,000 documents and a machine that does nothing else. */
const LONGEST_KEY_MS = 150

let workspace: string
let workbench: Workbench
let run: string
beforeAll(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'hydra-bench-'))
  workbench = await openWorkbench({
    workspace,
    appRoot: resolve(import.meta.dirname, '..', '..'),
    host: 'web',
    mode: 'write',
    now: () => new Date(),
  })
})
afterAll(async () => {
  await workbench.close()
  await rm(workspace, { recursive: true, force: true })
})

it('the host’s event loop stays free while a worker imports, encodes and trains', async () => {
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
    const started = await client.training.start({ tasks: ['wordnet-finds/*'], unseen: 0.2, steps: 100 })
    run = started.runs[0]
    await watch(started.job)
  } finally {
    clearInterval(window)
    const { longestMs, samples } = meter.stop()
    console.log(`event loop of the host: longest block ${longestMs.toFixed(1)} ms over ${samples} looks`)
    expect(longestMs).toBeLessThan(LONGEST_BLOCK_MS)
  }
})

it('a ranking follows each key, of the query and of the card', async () => {
  const client = createRouterClient(workbench.router)
  for (const systems of [
    ['frozen', 'this card'],
    [...PLAYGROUND_SYSTEMS].filter((one) => one !== 'another card'),
  ] as const) {
    const keys = await typeKeys(client, { run, dataset: 'wordnet-finds', systems: [...systems] })
    for (const [typed, milliseconds] of Object.entries(keys)) {
      const [half, most] = [quantile(milliseconds, 0.5), quantile(milliseconds, 0.95)]
      console.log(
        `a key of the ${typed}, ${systems.length} rankings: p50 ${half.toFixed(0)} ms, p95 ${most.toFixed(0)} ms`,
      )
      expect(most).toBeLessThan(LONGEST_KEY_MS)
    }
  }
})
