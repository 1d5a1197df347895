import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type ComparisonRequest, comparisonFormatSchema } from '../../../../shared/schemas/comparison'
import { cardsSchema } from '../../../../shared/schemas/verdict'
import { readMeasures } from '../../../services/read-measures'
import { renderComparison } from '../../../services/render-comparison'
import { commaList, wholeNumber } from '../parse-command-line'
import { usageError } from '../usage-error'
import { defineVerb } from '../verb'

/** Which rows of which runs: what `compare` and `report` share. */
export const COMPARISON_OPTIONS = {
  run: {
    type: 'positional',
    required: true,
    description: 'ids of runs on the same queries; of one run its rows',
    valueHint: 'RUN…',
  },
  rows: { type: 'string', description: 'rows of the ladder, separated by commas', valueHint: 'a,b' },
  measures: { type: 'string', description: 'measures that every run has (all)', valueHint: 'a,b' },
  cards: { type: 'string', description: cardsSchema.options.join(', '), valueHint: 'seen' },
  examples: { type: 'string', description: 'number of examples on the card', valueHint: 'K' },
  over: { type: 'string', description: 'queries or tasks: what is drawn anew', valueHint: 'queries' },
} as const

export function comparisonRequest(
  args: Partial<Record<keyof typeof COMPARISON_OPTIONS, string>> & { readonly _: readonly string[] },
  seed: number,
): ComparisonRequest {
  const cards = args.cards === undefined ? undefined : cardsSchema.safeParse(args.cards)
  if (cards && !cards.success)
    throw usageError(`--cards as ${cardsSchema.options.join(' or ')}`, `“${args.cards}”`)
  if (args.over !== undefined && args.over !== 'queries' && args.over !== 'tasks')
    throw usageError('--over queries or tasks', `“${args.over}”`)
  return {
    runs: [...args._],
    rows: commaList(args.rows),
    measures: readMeasures(args.measures),
    cards: cards?.data,
    examples: wholeNumber(args.examples, '--examples', 0, 64),
    over: args.over,
    seed,
  }
}

export const compare = defineVerb({
  description: 'rows of one run, or runs on the same queries: every pair tested, as a table for a paper',
  args: {
    ...COMPARISON_OPTIONS,
    format: { type: 'string', description: comparisonFormatSchema.options.join(', '), valueHint: 'markdown' },
    out: { type: 'string', description: 'file to write instead of printing', valueHint: 'FILE' },
  },
  mode: 'read',
  async run({ args, open, seed, signal }) {
    const format = comparisonFormatSchema.safeParse(args.format ?? 'markdown')
    if (!format.success)
      throw usageError(`--format ${comparisonFormatSchema.options.join(' or ')}`, `“${args.format}”`)
    const request = comparisonRequest(args, seed)
    const client = await open()
    const comparison = await client.reporting.compare(request, { signal })
    const text = renderComparison(comparison, format.data)
    if (args.out) await writeFile(resolve(args.out), `${text}\n`)
    return { json: comparison, text: () => (args.out ? `Wrote ${resolve(args.out)}.` : text) }
  },
})
