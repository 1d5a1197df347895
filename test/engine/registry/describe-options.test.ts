import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { describeOptions } from '../../../src/main/engine/registry/describe-options'
import { collectSpecs } from '../../../src/main/engine/registry/registry'
import { optionDefault, optionRange } from '../../../src/shared/option-words'

/** As a person reads it: name, default, range. */
function rowsOf(schema: z.ZodType): string[] {
  return describeOptions(schema).map(
    (option) => `${option.name} | ${optionDefault(option)} | ${optionRange(option)}`,
  )
}

describe('the options of a variant as data', () => {
  it('have name, default and range', () => {
    const schema = z.strictObject({
      k1: z.number().min(0).max(10).default(1.2),
      temperature: z.number().positive().default(0.05),
      depth: z.number().int().min(1).default(50),
      places: z.number().int().default(3),
      anything: z.number().default(0),
      stem: z.boolean().default(true),
      model: z.string().default('x'),
      side: z.enum(['query', 'both', 'separate']).default('query'),
      parts: z.array(z.enum(['a', 'b'])).default(['a']),
      of: z.array(z.string()).default(['dense', 'bm25']),
      weights: z.array(z.number()).nullable().default(null),
      clip: z.number().positive().max(5).nullable().default(null),
      rest: z.record(z.string(), z.unknown()).default({}),
    })
    expect(rowsOf(schema)).toEqual([
      'k1 | 1.2 | 0 to 10',
      'temperature | 0.05 | above 0',
      'depth | 50 | whole from 1',
      'places | 3 | whole number',
      'anything | 0 | number',
      'stem | on | on or off',
      'model | x | text',
      'side | query | query, both or separate',
      'parts | a | some of a, b',
      'of | dense,bm25 | texts, by commas',
      'weights | none | numbers, by commas or none',
      'clip | none | above 0, at most 5 or none',
      'rest | {} | JSON',
    ])
  })

  it('keep description and group, also below a default', () => {
    const described = z.number().describe('how much').meta({ group: 'cards', description: 'how much' })
    const [option] = describeOptions(z.strictObject({ a: described.nullable().default(1) }))
    expect(option).toMatchObject({ description: 'How much.', nullable: true, default: 1 })
    const [grouped] = describeOptions(z.strictObject({ a: described.default(1) }))
    expect(grouped).toMatchObject({ group: 'cards' })
  })

  it('of an object stand one by one, with the defaults of the object', () => {
    const schema = z.strictObject({
      nullCards: z.strictObject({ share: z.number(), penalty: z.number() }).default({ share: 0, penalty: 5 }),
    })
    expect(rowsOf(schema)).toEqual(['nullCards.share | 0 | number', 'nullCards.penalty | 5 | number'])
  })
})

describe('the variants of a folder', () => {
  const spec = (name: string) => ({
    name,
    title: name,
    summary: name,
    citation: '',
    options: z.strictObject({}),
  })

  it('are what its files export, by name, whatever else they export', () => {
    const [a, b] = [spec('a'), spec('b')]
    const modules = {
      './b.ts': { b, help: () => 1, LIMIT: 3, nothing: null },
      './a.ts': { a },
      './again.ts': { b },
    }
    expect(collectSpecs(modules)).toEqual([a, b])
  })

  it('must not share a name', () => {
    expect(() => collectSpecs({ './a.ts': { a: spec('a') }, './b.ts': { a: spec('a') } })).toThrow(RangeError)
  })
})
