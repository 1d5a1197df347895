import { z } from 'zod'
import { HEADLINE_MEASURES } from '../../../shared/ladder'
import type { Spec } from '../registry/registry'
import { measureFamilies } from './families'
import type { MeasureFamily } from './measure'
import { lookedAt, parseMeasure } from './parse-measure'

export { distinctMeasures, parseMeasure, parseMeasures } from './parse-measure'

/** As many digits as a cut-off may have. */
const MOST_RANKS = 999_999

/** The measures as a registry tells of them: the cut-off is an option like any other. */
export function measureSpecs(): Spec[] {
  return measureFamilies.map((family) => {
    const { cutoff } = parseMeasure(family.customary)
    return {
      name: family.name,
      title: family.title,
      summary: summaryOf(family, cutoff),
      citation: family.citation,
      options: family.parameters.extend(cutoffOption(family, cutoff)),
    }
  })
}

/** What each evaluation shows, whatever else is asked for, in this order. */
export function measureNames(): string[] {
  return [...HEADLINE_MEASURES]
}

function summaryOf(family: MeasureFamily, cutoff: number): string {
  const also = family.aliases.length > 0 ? ` Also written ${family.aliases.join(', ')}.` : ''
  return `${family.summary(lookedAt(cutoff), family.parameters.parse({}))}${also}`
}

function cutoffOption(family: MeasureFamily, customary: number) {
  if (family.cutoff === 'none') return {}
  const ranks = z.number().int().min(1).max(MOST_RANKS)
  const words = `Ranks that are looked at, written after the @: ${family.customary}`
  if (family.cutoff === 'needed') return { cutoff: ranks.default(customary).describe(`${words}.`) }
  const usual = Number.isFinite(customary) ? customary : null
  return { cutoff: ranks.nullable().default(usual).describe(`${words}; none: the whole ranking.`) }
}
