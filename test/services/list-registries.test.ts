import { describe, expect, it } from 'vitest'
import { listRegistries } from '../../src/main/services/list-registries'
import { REGISTRY_KINDS, registrySchema } from '../../src/shared/schemas/registry'
import { recipeSchema } from '../../src/shared/schemas/run'

const registries = await listRegistries()
const entriesOf = (kind: string) => registries.find((registry) => registry.kind === kind)?.entries ?? []
const namesOf = (kind: string) => entriesOf(kind).map(({ name }) => name)

describe('the list of registries', () => {
  it('fits the contract and has every kind, none empty', () => {
    for (const registry of registries) expect(() => registrySchema.parse(registry)).not.toThrow()
    expect(registries.map(({ kind }) => kind)).toEqual([...REGISTRY_KINDS])
    for (const { kind, entries } of registries)
      expect({ kind, some: entries.length > 0 }).toEqual({ kind, some: true })
  })

  it('has the variants that the method names', () => {
    expect(namesOf('teacher')).toEqual(
      expect.arrayContaining(['bm25', 'cross-encoder', 'dense', 'fusion', 'judgments']),
    )
    expect(namesOf('generator')).toEqual(
      expect.arrayContaining(['basis', 'bias', 'constant', 'direct', 'film', 'low-rank', 'task-id']),
    )
    expect(namesOf('head')).toEqual(
      expect.arrayContaining(['bias', 'film', 'full', 'projection', 'residual']),
    )
    expect(namesOf('loss')).toEqual(
      expect.arrayContaining(['infonce', 'kl-distillation', 'listwise', 'margin-mse', 'pairwise']),
    )
  })

  it('names each variant once, and each says what it does', () => {
    for (const { kind, entries } of registries) {
      expect(new Set(entries.map(({ name }) => name)).size).toBe(entries.length)
      for (const { name, title, summary } of entries) {
        expect({ kind, name, told: title.length > 1 && /[.!]$/.test(summary) }).toEqual({
          kind,
          name,
          told: true,
        })
      }
    }
  })

  it('describes every option of every variant, each with a default', () => {
    const kinds = registries.filter(({ kind }) => kind !== 'setting')
    const silent = kinds.flatMap(({ kind, entries }) =>
      entries.flatMap(({ name, options }) =>
        options
          .filter((option) => option.description === '' || option.default === undefined)
          .map((option) => `${kind} ${name}: ${option.name}`),
      ),
    )
    expect(silent).toEqual([])
  })

  it('has every setting of a recipe in one group', () => {
    const settings = entriesOf('setting').flatMap(({ options }) =>
      options.map(({ name }) => name.split('.')[0]),
    )
    const chosen = ['generator', 'head', 'losses', 'teacher', 'sampler']
    expect([...new Set([...settings, ...chosen])].sort()).toEqual(Object.keys(recipeSchema.shape).sort())
  })
})
