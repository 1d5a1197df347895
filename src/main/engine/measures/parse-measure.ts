import { decimalNumber } from '../../../shared/decimal-number'
import { HydraError } from '../../../shared/errors'
import { measureFamilies } from './families'
import type { Measure, MeasureFamily } from './measure'

/** `Name`, `(key=value,…)`, `@cut-off`. */
const FORM = /^([a-z]+)(?:\(([^()]*)\))?(?:@([1-9]\d{0,5}))?$/i
const PARAMETER = /^\s*([a-z_]+)\s*=\s*(?:'([^']*)'|"([^"]*)"|([^'"\s]+))\s*$/i

/**
 * A measure by its printed form, as ir_measures writes it: `nDCG@10`, `nDCG(dcg='exp-log2')@10`, `RR@10` (or `MRR@10`),
 * `R@100` (or `Recall@100`), `AP`, `P@5`, `Success@1`, `Rprec`, `Judged@10`, `bpref`, `RBP(p=0.8)`. Names in any case.
 */
export function parseMeasure(text: string): Measure {
  const parts = FORM.exec(text.trim())
  const wanted = parts?.[1].toLowerCase()
  const family = measureFamilies.find((one) => names(one).some((name) => name.toLowerCase() === wanted))
  if (!parts || !family) throw notAMeasure(text)
  const name =
    names(family).find((one) => one === parts[1]) ??
    names(family).find((one) => one.toLowerCase() === wanted)!
  const given = parts[2] === undefined ? {} : readParameters(parts[2], text)
  const parameters = family.parameters.safeParse(given)
  if (!parameters.success) {
    const [issue] = parameters.error.issues
    throw wrongMeasure(
      text,
      `${family.name} with parameters it knows (${[issue.path.join('.'), issue.message].join(' ').trim()})`,
    )
  }
  if (family.cutoff === 'needed' && parts[3] === undefined)
    throw wrongMeasure(text, `${name} with a cut-off, such as ${family.customary}`)
  if (family.cutoff === 'none' && parts[3] !== undefined)
    throw wrongMeasure(text, `${name} without a cut-off`)
  const cutoff = parts[3] === undefined ? Number.POSITIVE_INFINITY : Number(parts[3])
  const rest = `${printParameters(given)}${parts[3] === undefined ? '' : `@${cutoff}`}`
  const printed = `${name}${rest}`
  return {
    name: printed,
    standard: `${family.name}${printParameters(parameters.data)}${parts[3] === undefined ? '' : `@${cutoff}`}`,
    title: family.title,
    summary: family.summary(lookedAt(cutoff), parameters.data),
    citation: family.citation,
    cutoff,
    score(ranked) {
      if (ranked.ideal.length === 0) throw new RangeError(`${printed} needs a query with a relevant document`)
      return family.score(ranked, cutoff, parameters.data)
    },
  }
}

/** `a,b` as measures, each once; a comma inside brackets belongs to the measure. */
export function parseMeasures(text: string): Measure[] {
  const parts = text.split(/,(?![^(]*\))/).map((part) => part.trim())
  return distinctMeasures(parts.filter((part) => part !== ''))
}

/** The measures of these names, of two spellings of one measure the first. */
export function distinctMeasures(texts: readonly string[]): Measure[] {
  const found = new Map<string, Measure>()
  for (const text of texts) {
    const measure = parseMeasure(text)
    if (!found.has(measure.standard)) found.set(measure.standard, measure)
  }
  return [...found.values()]
}

/** In words: what a cut-off looks at. */
export function lookedAt(cutoff: number): string {
  return Number.isFinite(cutoff) ? `the first ${cutoff} documents` : 'the whole ranking'
}

function names({ name, aliases }: MeasureFamily): string[] {
  return [name, ...aliases]
}

function readParameters(text: string, whole: string): Record<string, string | number> {
  const given: Record<string, string | number> = {}
  for (const part of text.split(',').filter((one) => one.trim() !== '')) {
    const parsed = PARAMETER.exec(part)
    if (!parsed || parsed[1] in given)
      throw wrongMeasure(whole, 'parameters as key=value in brackets, each once')
    const [, key, single, double, bare] = parsed
    given[key] = bare === undefined ? (single ?? double) : (decimalNumber(bare) ?? bare)
  }
  return given
}

function printParameters(parameters: Readonly<Record<string, unknown>>): string {
  const parts = Object.keys(parameters)
    .sort()
    .map((key) => `${key}=${typeof parameters[key] === 'string' ? `'${parameters[key]}'` : parameters[key]}`)
  return parts.length === 0 ? '' : `(${parts.join(',')})`
}

function notAMeasure(text: string): HydraError {
  return wrongMeasure(
    text,
    `a measure, such as ${measureFamilies.map(({ customary }) => customary).join(', ')}`,
  )
}

function wrongMeasure(text: string, expected: string): HydraError {
  return new HydraError('OPTION_UNKNOWN', {
    expected,
    got: JSON.stringify(text),
    remedy:
      'Write the name of the measure, its parameters in brackets, and @ with the number of ranks that it looks at.',
    command: 'hydra list measure',
  })
}
