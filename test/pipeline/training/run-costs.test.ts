import { mkdir, writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { resolveRecipe } from '../../../src/main/engine/training/recipes/recipes'
import { costsOf, readCosts, stepShape, thisMachine } from '../../../src/main/pipeline/training/run-costs'
import { NO_CARD, TASK_CARD } from '../../../src/main/pipeline/training/trained-systems'
import { workspacePaths } from '../../../src/main/workspace/paths'
import { appendEvents } from '../../../src/main/workspace/runs/run-events'
import { createRun, updateRun } from '../../../src/main/workspace/runs/run-folder'
import type { JobEvent } from '../../../src/shared/schemas/job'
import type { RunRecord } from '../../../src/shared/schemas/run'
import { runDraft } from '../../run-draft'
import { temporaryFolder } from '../../temporary-folder'

const recipe = resolveRecipe('recommended', 1, 100)
const SIZES = new Map([['scifact', 5000]])
const CPUS = thisMachine()

const run = {
  id: 'r',
  request: { rows: ['task card', 'no card'], splitSeed: 1 },
  recipe,
  backend: { id: 'wasm', reason: '' },
  encoder: { id: 'mini', sha256: '' },
  datasets: [{ id: 'scifact', sha256: '' }],
  seen: ['scifact'],
  machine: { cpu: 'a processor', cores: 4, platform: '', node: '' },
  createdAt: '2026-01-01T00:00:00Z',
  endedAt: '2026-01-01T01:00:00Z',
} as unknown as RunRecord

const loss = (arm: string, step: number, at: number): JobEvent => ({
  type: 'loss',
  at,
  run: 'r',
  arm,
  step,
  steps: 100,
  loss: 1,
})
const cost = (
  stage: 'encode' | 'train' | 'evaluate',
  seconds: number,
  work: number,
  memoryBytes: number,
): JobEvent => ({ type: 'cost', at: 0, run: 'r', stage, seconds, work, memoryBytes })
const shapeOf = (system: typeof TASK_CARD, documents = 5000) =>
  stepShape({ recipe, system, systems: 2, tasks: 1, encoder: 'mini', backend: 'wasm', documents })

describe('costsOf', () => {
  it('has milliseconds a step of each network, without the time that a run was paused', () => {
    const events = [
      loss('task card', 10, 1000),
      loss('no card', 10, 1000),
      loss('task card', 20, 3000),
      loss('no card', 30, 2000),
      // Ten minutes later it goes on, and makes two steps again.
      loss('task card', 18, 603_000),
      loss('task card', 28, 605_000),
      loss('task card', 29, 1_000_000),
    ]
    const { millisecondsPerStep } = costsOf(run, events, SIZES)
    expect(millisecondsPerStep[shapeOf(TASK_CARD)]).toBe((2000 + 2000) / 20)
    expect(millisecondsPerStep[shapeOf(NO_CARD)]).toBe(1000 / 20)
  })

  it('has rates over all that a stage did, and the greatest memory; nothing where nothing was said', () => {
    const events = [
      cost('encode', 10, 50_000, 300),
      cost('encode', 30, 30_000, 200),
      cost('encode', 0.1, 9_000_000, 1),
      cost('train', 9, 9, 700),
      cost('train', 9, 9, 800),
      cost('evaluate', 2, 4000, 400),
    ]
    expect(costsOf(run, events, SIZES)).toMatchObject({
      charactersPerSecond: 2000,
      pairsPerSecond: 2000,
      memoryBytes: { train: 800, whole: 400 },
      machine: 'a processor, 4 cores',
    })
    expect(costsOf(run, [], SIZES)).toMatchObject({
      millisecondsPerStep: {},
      charactersPerSecond: null,
      pairsPerSecond: null,
      memoryBytes: null,
    })
  })

  it('takes corpora of like size and no others for like, and larger than the candidates for the same', () => {
    expect(shapeOf(TASK_CARD, 5200)).toBe(shapeOf(TASK_CARD, 5000))
    expect(shapeOf(TASK_CARD, 1000)).not.toBe(shapeOf(TASK_CARD, 5000))
    const { candidates } = recipe
    expect(shapeOf(TASK_CARD, 10 * candidates)).toBe(shapeOf(TASK_CARD, 40 * candidates))
    expect(shapeOf(NO_CARD)).not.toBe(shapeOf(TASK_CARD))
  })
})

describe('readCosts', () => {
  it('reads each finished run of this machine once, and makes a damaged file anew', async () => {
    const workspace = await temporaryFolder()
    const [cpu, cores] = CPUS.split(/, (\d+) cores$/)
    const machine = { cpu, cores: Number(cores), platform: 'p', node: 'n' }
    const made = async (slug: string, change: Partial<RunRecord>) => {
      const draft = { ...runDraft(), machine, backend: { id: 'wasm', reason: '' } }
      const { id } = await createRun(workspace, draft, slug, new Date(0))
      await updateRun(workspace, id, { state: 'done', endedAt: '2026-01-01T00:00:00Z', ...change })
      return id
    }
    const ours = await made('ours', {})
    await made('failed', { state: 'failed' })
    await made('other', { machine: { ...machine, cores: 999 } })
    await appendEvents(workspace, ours, [
      { ...(cost('encode', 10, 1000, 5) as object), run: ours } as JobEvent,
    ])
    expect(await readCosts(workspace)).toMatchObject([{ run: ours, charactersPerSecond: 100 }])
    // What it knows is not read again.
    await writeFile(workspacePaths(workspace).run(ours).events, '')
    expect(await readCosts(workspace)).toMatchObject([{ run: ours, charactersPerSecond: 100 }])
    await mkdir(workspacePaths(workspace).cache, { recursive: true })
    await writeFile(workspacePaths(workspace).costs, 'not JSON')
    expect(await readCosts(workspace)).toMatchObject([{ run: ours, charactersPerSecond: null }])
  })
})
