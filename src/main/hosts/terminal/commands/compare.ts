import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type ComparisonRequest, comparisonFormatSchema } from '../../../../shared/schemas/comparison'
import { cardsSchema } from '../../../../shared/schemas/verdict'
import { type Arguments, defineCommand, type Options, type ReadArgs } from '../arguments/command'
import { commaList, wholeNumber } from '../arguments/option-values'
import { readMeasures } from '../arguments/read-measures'
import { renderComparison } from '../render-comparison'

/** Which runs: what `compare` and `report` share. */
export const COMPARISON_ARGUMENTS = {
  run: { many: true, description: 'ids of runs on the same queries; of one run its rows' },
} as const satisfies Arguments

/** Which of their rows. */
export const COMPARISON_OPTIONS = {
  rows: { description: 'rows of the ladder, separated by commas', value: 'a,b' },
  measures: { description: 'measures that every run has (all)', value: 'a,b' },
  cards: { choices: cardsSchema.options, description: 'tested on which cards', value: 'GROUP' },
  examples: { description: 'number of examples on the card', value: 'K' },
  over: { choices: ['queries', 'tasks'], description: 'what is drawn anew', value: 'UNIT' },
} as const satisfies Options

export function comparisonRequest(
  args: ReadArgs<typeof COMPARISON_ARGUMENTS, typeof COMPARISON_OPTIONS>,
  seed: number,
): ComparisonRequest {
  return {
    runs: [...args.run],
    rows: commaList(args.rows),
    measures: readMeasures(args.measures),
    cards: args.cards,
    examples: wholeNumber(args.examples, '--examples', 0, 64),
    over: args.over,
    seed,
  }
}

export const compare = defineCommand({
  description: 'rows of one run, or runs on the same queries: every pair tested, as a table for a paper',
  arguments: COMPARISON_ARGUMENTS,
  options: {
    ...COMPARISON_OPTIONS,
    format: {
      choices: comparisonFormatSchema.options,
      description: 'of the table, markdown unless said',
      value: 'FORMAT',
    },
    out: { description: 'file to write instead of printing', value: 'FILE' },
  },
  mode: 'read',
  async run({ args, open, seed, signal }) {
    const request = comparisonRequest(args, seed)
    const client = await open()
    const comparison = await client.reporting.compare(request, { signal })
    const text = renderComparison(comparison, args.format ?? 'markdown')
    if (args.out) await writeFile(resolve(args.out), `${text}\n`)
    return { json: comparison, text: () => (args.out ? `Wrote ${resolve(args.out)}.` : text) }
  },
})
