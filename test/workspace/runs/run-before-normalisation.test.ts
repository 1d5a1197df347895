import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkVariants } from '../../../src/main/engine/training/recipes/check-recipe'
import { resolveRecipe } from '../../../src/main/engine/training/recipes/recipes'
import { workspacePaths } from '../../../src/main/workspace/paths'
import { createRun, readRun } from '../../../src/main/workspace/runs/run-folder'
import type { RunRecord } from '../../../src/shared/schemas/run'
import { runDraft } from '../../run-draft'
import { temporaryFolder } from '../../temporary-folder'

/** A run as 0.2 wrote it: no normalisation in the request, and a fusion teacher with `method`. */
async function written(change: {
  overrides?: object
  preset?: string
  teacher?: object
}): Promise<RunRecord> {
  const workspace = await temporaryFolder()
  const made = await createRun(workspace, runDraft(), 'old', new Date(2026, 0, 1))
  const { normalisation: _, ...request } = made.request
  const { overrides, preset = request.preset, teacher } = change
  const recipe = resolveRecipe('recommended', 1)
  const old = {
    ...made,
    request: { ...request, preset, ...(overrides ? { overrides } : {}) },
    recipe: teacher ? { ...recipe, teacher } : null,
  }
  await mkdir(workspacePaths(workspace).run(made.id).folder, { recursive: true })
  await writeFile(join(workspacePaths(workspace).run(made.id).folder, 'run.json'), JSON.stringify(old))
  return readRun(workspace, made.id)
}

describe('a run.json from before the scale could be chosen', () => {
  it.each([
    [undefined, 'z-score'],
    ['zscore', 'z-score'],
    ['minmax', 'corpus-min-max'],
    ['rrf', 'rrf'],
  ])('with a fusion by the method %s fuses by %s, in recipe and request', async (method, normalisation) => {
    const options = { of: ['dense', 'bm25'], ...(method ? { method } : {}), weights: [1, 1] }
    const teacher = { name: 'fusion', options }
    const { recipe, request } = await written({ teacher, overrides: { teacher, rank: 4 } })
    const expected = { name: 'fusion', options: { of: ['dense', 'bm25'], weights: [1, 1], normalisation } }
    expect(recipe!.teacher).toEqual(expected)
    expect(request.overrides).toEqual({ teacher: expected, rank: 4 })
    // What is read can be carried out, and trained again.
    expect(checkVariants(recipe!).teacher.options).toMatchObject({ normalisation })
    expect(resolveRecipe('recommended', 1, undefined, request.overrides).teacher).toEqual(expected)
  })

  it('keeps a recipe that was settled by the present version when the run was resumed', async () => {
    const teacher = { name: 'fusion', options: { normalisation: 'min-max' } }
    expect((await written({ teacher })).recipe!.teacher).toEqual(teacher)
  })

  it('fused its rows by z-scores', async () => {
    expect((await written({})).request.normalisation).toBe('z-score')
  })

  it('keeps what is no fusion, and the ranks of a preset that fuses them', async () => {
    const dense = await written({ teacher: { name: 'dense', options: {} }, overrides: { steps: 3 } })
    expect(dense.recipe!.teacher).toEqual({ name: 'dense', options: {} })
    expect(dense.request.overrides).toEqual({ steps: 3 })
    const overrides = { teacher: { name: 'fusion', options: { k: 9 } } }
    const ranks = await written({ preset: 'original', overrides })
    expect(ranks.request.overrides).toEqual(overrides)
    const { teacher } = resolveRecipe('original', 1, undefined, ranks.request.overrides)
    expect(teacher.options).toMatchObject({ normalisation: 'rrf', k: 9 })
  })

  it('is told from a new one, whose fusion is by min-max', async () => {
    const workspace = await temporaryFolder()
    const draft = runDraft()
    const overrides = { teacher: { name: 'fusion', options: {} } }
    const { id } = await createRun(
      workspace,
      { ...draft, request: { ...draft.request, overrides } },
      'new',
      new Date(2026, 0, 1),
    )
    const { request } = await readRun(workspace, id)
    expect(request).toMatchObject({ normalisation: 'min-max', overrides })
    const recipe = checkVariants(resolveRecipe('recommended', 1, undefined, request.overrides))
    expect(recipe.teacher.options).toMatchObject({ normalisation: 'min-max' })
  })
})
