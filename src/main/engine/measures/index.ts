import { HydraError } from '../../../shared/errors'
import { type Measure, type MeasureFamily, measureAt } from './measure'
import { ndcg } from './ndcg'
import { recall } from './recall'
import { reciprocalRank } from './reciprocal-rank'

const families: readonly MeasureFamily[] = [ndcg, reciprocalRank, recall]

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
