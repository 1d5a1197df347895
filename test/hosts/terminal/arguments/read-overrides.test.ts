import { describe, expect, it } from 'vitest'
import { resolveRecipe } from '../../../../src/main/engine/training/recipes/recipes'
import {
  readOverrides,
  type SaidOfRecipe,
} from '../../../../src/main/hosts/terminal/arguments/read-overrides'

/** The recipe that a command line would give. */
async function recipeOf(said: Partial<SaidOfRecipe>) {
  return resolveRecipe('recommended', 4, undefined, await readOverrides({ set: [], ...said }))
}

describe('what a command line says of a recipe', () => {
  it('is nothing when it says nothing', async () => {
    expect(await readOverrides({ set: [] })).toBeUndefined()
  })

  it('replaces variants, and gives options to the ones that are named', async () => {
    const recipe = await recipeOf({
      generator: 'direct',
      head: 'film',
      teacher: 'bm25',
      side: 'both',
      set: ['generator.skip=on', 'teacher.k1=0.9', 'sampler.pairs=8'],
    })
    expect(recipe).toMatchObject({
      generator: { name: 'direct', options: { skip: true } },
      head: { name: 'film', options: {} },
      teacher: { name: 'bm25', options: { k1: 0.9 } },
      sampler: { name: 'uniform', options: { pairs: 8 } },
      side: 'both',
    })
  })

  it('sums losses with their weights, each with options of its own', async () => {
    const { losses } = await recipeOf({ loss: 'infonce:1,pairwise:.5', set: ['pairwise.weighted=off'] })
    expect(losses).toEqual([
      { name: 'infonce', options: {}, weight: 1 },
      { name: 'pairwise', options: { weighted: false }, weight: 0.5 },
    ])
  })

  it('reads settings by their type', async () => {
    const recipe = await recipeOf({
      set: [
        'learningRate=3e-4',
        'nullCards.share=.25',
        'clipNorm=1',
        'patience=none',
        'conditioning=queries, documents',
      ],
    })
    const before = resolveRecipe('recommended', 4)
    expect(recipe).toEqual({
      ...before,
      learningRate: 3e-4,
      nullCards: { ...before.nullCards, share: 0.25 },
      clipNorm: 1,
      patience: null,
      conditioning: ['queries', 'documents'],
    })
  })

  it('keeps what the preset says of everything else', async () => {
    expect(await recipeOf({ set: ['rank=4'] })).toEqual({ ...resolveRecipe('recommended', 4), rank: 4 })
  })

  it('fits warm-up and dev measurements to steps, wherever they are said', async () => {
    expect(await recipeOf({ set: ['steps=20'] })).toEqual(resolveRecipe('recommended', 4, 20))
  })

  it.each([
    [{ generator: 'nope' }, 'OPTION_UNKNOWN'],
    [{ head: 'nope' }, 'OPTION_UNKNOWN'],
    [{ loss: 'infonce,nope' }, 'OPTION_UNKNOWN'],
    [{ teacher: 'nope' }, 'OPTION_UNKNOWN'],
    [{ sampler: 'nope' }, 'OPTION_UNKNOWN'],
    [{ preset: 'nope', head: 'bias' }, 'OPTION_UNKNOWN'],
    [{ set: ['nope=1'] }, 'OPTION_UNKNOWN'],
    [{ set: ['generator.nope=1'] }, 'OPTION_UNKNOWN'],
    [{ set: ['generator=1'] }, 'OPTION_UNKNOWN'],
    [{ set: ['nullCards=1'] }, 'OPTION_UNKNOWN'],
    [{ set: ['pairwise.weighted=on'] }, 'OPTION_UNKNOWN'],
    [{ side: 'left' }, 'USAGE'],
    [{ loss: 'infonce:0' }, 'USAGE'],
    [{ loss: 'infonce:1:2' }, 'USAGE'],
    [{ loss: '' }, 'USAGE'],
    [{ set: ['learningRate'] }, 'USAGE'],
    [{ set: ['=3'] }, 'USAGE'],
    [{ set: ['learningRate=fast'] }, 'USAGE'],
    [{ set: ['learningRate='] }, 'USAGE'],
    [{ set: ['learningRate=-1'] }, 'USAGE'],
    [{ set: ['steps=0'] }, 'USAGE'],
    [{ set: ['steps=1.5'] }, 'USAGE'],
    [{ set: ['generator.skip=perhaps'] }, 'USAGE'],
    [{ set: ['keep=first'] }, 'USAGE'],
    [{ set: ['conditioning=documents,colour'] }, 'USAGE'],
    [{ teacher: 'bm25', set: ['teacher.b=2'] }, 'USAGE'],
    [{ set: ['minExamples=9', 'maxExamples=2'] }, 'USAGE'],
    [{ loss: 'margin-mse' }, 'USAGE'],
  ] as [Partial<SaidOfRecipe>, string][])('%j is refused as %s', async (said, code) => {
    await expect(readOverrides({ set: [], ...said })).rejects.toMatchObject({ code })
  })

  it('says what exists', async () => {
    const error = await readOverrides({ set: ['generator.nope=1'] }).catch((thrown) => thrown)
    expect(error.detail.expected).toContain('skip')
    const other = await readOverrides({ set: [], head: 'nope' }).catch((thrown) => thrown)
    expect(other.detail.expected).toContain('residual')
  })
})
