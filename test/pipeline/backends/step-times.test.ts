import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { resolveRecipe } from '../../../src/main/engine/training/recipes/recipes'
import { writeJsonAtomic } from '../../../src/main/files/atomic-write'
import {
  keepStepTimes,
  readStepTimes,
  stepConfiguration,
} from '../../../src/main/pipeline/backends/step-times'
import { NO_CARD, TASK_CARD } from '../../../src/main/pipeline/training/trained-systems'
import { workspacePaths } from '../../../src/main/workspace/paths'
import { temporaryFolder } from '../../temporary-folder'

const APP = '1.2.3'
const recipe = resolveRecipe('recommended', 1, 100)
const asked = {
  request: { tasks: ['scifact'], preset: undefined },
  recipe,
  system: TASK_CARD,
  seen: ['scifact'],
  encoder: 'mini',
  documents: 5000,
}
const configuration = stepConfiguration(asked)
const keep = (workspace: string, times: Record<string, number>, of = configuration, hour = 1) =>
  keepStepTimes(workspace, { app: APP, at: new Date(Date.UTC(2026, 0, 1, hour)) }, of, times)

it('a configuration is all that the time of a step follows from, and no more', () => {
  const same = (change: object) => stepConfiguration({ ...asked, ...change }).sha256 === configuration.sha256
  expect(same({ documents: 5100, recipe: { ...recipe, steps: 7, learningRate: 1 } })).toBe(true)
  expect(same({ request: { tasks: ['nfcorpus'] } })).toBe(true)
  for (const change of [
    { documents: 500 },
    { encoder: 'other' },
    { system: NO_CARD },
    { recipe: { ...recipe, rank: recipe.rank + 1 } },
  ])
    expect(same(change)).toBe(false)
  expect(configuration.words).toBe('scifact; recommended')
})

it('times are those of the last measurement; the last configuration is what Doctor shows', async () => {
  const workspace = await temporaryFolder()
  expect(await readStepTimes(workspace, APP)).toBeNull()
  await keep(workspace, { wasm: 20, cpu: 300 })
  await keep(workspace, { wasm: 10 }, configuration, 2)
  const other = stepConfiguration({ ...asked, documents: 10, request: { tasks: ['small'] } })
  await keep(workspace, { wasm: 1 }, other, 3)
  expect(await readStepTimes(workspace, APP, configuration)).toEqual({
    words: 'scifact; recommended',
    at: '2026-01-01T02:00:00.000Z',
    times: { wasm: 10, cpu: 300 },
  })
  expect(await readStepTimes(workspace, APP)).toMatchObject({
    words: 'small; recommended',
    times: { wasm: 1 },
  })
})

it('what was measured elsewhere, or with other versions, does not count; a damaged file is made anew', async () => {
  const workspace = await temporaryFolder()
  const { stepTimes: file, cache } = workspacePaths(workspace)
  await keep(workspace, { wasm: 20 })
  expect(await readStepTimes(workspace, '1.2.4', configuration)).toBeNull()
  const kept = JSON.parse(await readFile(file, 'utf8'))
  for (const change of [
    { machine: 'another, 64 cores' },
    { versions: kept.times[0].versions.replace('node v', 'node v9') },
  ]) {
    await writeJsonAtomic(file, { ...kept, times: [{ ...kept.times[0], ...change }] })
    expect(await readStepTimes(workspace, APP, configuration)).toBeNull()
  }
  await mkdir(cache, { recursive: true })
  await writeFile(file, 'not JSON')
  await keep(workspace, { cpu: 5 })
  expect(await readStepTimes(workspace, APP, configuration)).toMatchObject({ times: { cpu: 5 } })
})
