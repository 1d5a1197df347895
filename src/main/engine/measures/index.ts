import { z } from 'zod'
import { HydraError } from '../../../shared/errors'
import type { Spec } from '../numeric/registry'
import { type Measure, type MeasureFamily, measureAt } from './measure'
import { ndcg } from './ndcg'
import { recall } from './recall'
import { reciprocalRank } from './reciprocal-rank'

/** As many digits as a cut-off may have. */
const MOST_RANKS = 999_999
const families: readonly MeasureFamily[] = [ndcg, reciprocalRank, recall]

/** The measures as a registry tells of them: the cut-off is their only option. */
export function measureSpecs(): Spec[] {
  return families.map((family) => ({
    name: family.name,
    title: family.title,
    summary: family.summary(family.customaryCutoff),
    citation: family.citation,
    options: z.strictObject({
      cutoff: z
        .number()
        .int()
        .min(1)
        .max(MOST_RANKS)
        .default(family.customaryCutoff)
        .describe(`Ranks that are looked at, written after the @: ${family.name}@${family.customaryCutoff}.`),
    }),
  }))
}

/** Every measure at its customary cut-off: what each evaluation shows, in this order. */
export function measureNames(): string[] {
  return families.map((family) => `${family.name}@${family.customaryCutoff}`)
}

/** `nDCG@10`, `MRR@10` (also `RR@10`), `Recall@100` (also `R@100`), in any case and at any cut-off. */
export function parseMeasure(text: string): Measure {
  const parts = /^([a-z]+)@([1-9]\d{0,5})$/i.exec(text.trim())
  const wanted = parts?.[1].toLowerCase()
  const family = families.find((one) =>
    [one.name, ...one.aliases].some((name) => name.toLowerCase() === wanted),
  )
  if (!parts || !family) {
    throw new HydraError('OPTION_UNKNOWN', {
      expected: `a measure with a cut-off, such as ${measureNames().join(', ')}`,
      got: JSON.stringify(text),
      remedy: 'Write the name of the measure, @ and the number of ranks that it looks at.',
    })
  }
  return measureAt(family, Number(parts[2]))
}
