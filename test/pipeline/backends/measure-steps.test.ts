import { describe, expect, it } from 'vitest'
import { isInstalled } from '../../../src/main/engine/registry/installed-package'
import { resolveRecipe } from '../../../src/main/engine/training/recipes/recipes'
import { measureSteps, stepTimesOfRun } from '../../../src/main/pipeline/backends/measure-steps'
import {
  keepStepTimes,
  readStepTimes,
  stepConfiguration,
} from '../../../src/main/pipeline/backends/step-times'
import type { OperationContext } from '../../../src/main/pipeline/operation'
import { TASK_CARD } from '../../../src/main/pipeline/training/trained-systems'
import { HydraError } from '../../../src/shared/errors'
import { temporaryFolder } from '../../temporary-folder'

const recipe = resolveRecipe('recommended', 1, 100)
const request = { tasks: ['scifact'] } as never
const of = { recipe, system: TASK_CARD, seen: ['scifact'], encoder: 'mini', documents: 5000 }
const configuration = stepConfiguration({ request, ...of })
const MEASURED = { request, system: TASK_CARD, dimensions: 384, configuration, app: '1' }
const refused = (code: 'BACKEND_UNAVAILABLE' | 'CANCELLED') =>
  new HydraError(code, { expected: '', got: '', remedy: '' })

/** @param outcomes milliseconds a step, or what a backend's process ends with */
async function machine(outcomes: Record<string, number | HydraError>) {
  const workspace = await temporaryFolder()
  const forked: string[] = []
  let atOnce = 0
  const fork = async (
    _name: string,
    { backend }: { backend: string },
    { alone }: { alone?: boolean } = {},
  ) => {
    expect([++atOnce, alone]).toEqual([1, true])
    forked.push(backend)
    await new Promise(setImmediate)
    atOnce--
    const outcome = outcomes[backend] ?? refused('BACKEND_UNAVAILABLE')
    if (typeof outcome !== 'number') throw outcome
    return { millisecondsPerStep: outcome, memoryBytes: 1 }
  }
  const context = { workspace, now: () => new Date(0), fork } as unknown as OperationContext
  return { context, forked, workspace }
}

it('measures one after another and keeps what it found; what is refused has no time', async () => {
  const { context, forked, workspace } = await machine({ webgpu: 3, wasm: 20 })
  const [times] = await Promise.all([
    measureSteps(MEASURED, ['webgpu', 'tfjs-node', 'wasm'], context),
    // Waits for the first.
    measureSteps(MEASURED, ['wasm'], context),
  ])
  expect(times).toEqual({ webgpu: 3, wasm: 20 })
  expect(forked).toEqual(['webgpu', 'tfjs-node', 'wasm', 'wasm'])
  expect((await readStepTimes(workspace, '1', configuration))?.times).toEqual(times)
})

it('who cancels gets no times', async () => {
  const { context, workspace } = await machine({ wasm: refused('CANCELLED') })
  await expect(measureSteps(MEASURED, ['wasm'], context)).rejects.toMatchObject({ code: 'CANCELLED' })
  expect(await readStepTimes(workspace, '1')).toBeNull()
})

describe('the times by which a run chooses', () => {
  it('are those that are known, and nothing is measured then', async () => {
    const { context, forked, workspace } = await machine({})
    await keepStepTimes(workspace, { app: '1', at: new Date(0) }, configuration, { cpu: 1 })
    expect(await stepTimesOfRun(MEASURED, 1000, context)).toEqual({ cpu: 1 })
    expect(forked).toEqual([])
  })

  it('are measured where a backend was added, with the embedded one beside it', async () => {
    const { context, forked } = await machine({ webgpu: 3, 'tfjs-node': 9, 'tfjs-node-gpu': 2, wasm: 20 })
    const times = await stepTimesOfRun(MEASURED, 1000, context)
    const added = ['tfjs-node-gpu', 'tfjs-node', 'webgpu'].filter((name) =>
      name === 'webgpu' ? isInstalled(name) : isInstalled(`@tensorflow/${name}`),
    )
    expect(forked).toEqual(added.length > 0 ? [...added, 'wasm'] : [])
    expect(Object.keys(times)).toEqual(forked)
  })

  it('are none where the added ones do not work, or the training is soon over', async () => {
    const { context, forked } = await machine({ wasm: 20 })
    expect(await stepTimesOfRun(MEASURED, 1000, context)).toEqual({})
    expect(forked).not.toContain('wasm')
    const short = await machine({ webgpu: 3, wasm: 20 })
    expect(await stepTimesOfRun(MEASURED, 10, short.context)).toEqual({})
    expect(short.forked).toEqual([])
  })
})
