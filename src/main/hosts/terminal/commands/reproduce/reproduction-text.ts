import type { Reproduction, ReproductionLine } from '../../../../../shared/schemas/runs/reproduction'
import { formatCount } from '../../format-number'

/** As much of a hash as tells it from another. */
const HASH = /^[0-9a-f]{64}$/
const SHOWN_OF_HASH = 12

/** A line for each thing; figures that agree are counted table by table, those that do not are told one by one. */
export function reproductionText({ original, again, reproduced, lines }: Reproduction): string {
  const measures = lines.filter(({ part }) => part === 'measure')
  const binding = lines.filter((line) => line.binding)
  const differing = binding.filter(({ agrees }) => !agrees).length
  return [
    `${original}, made again as ${again}`,
    '',
    ...lines.filter(({ part }) => part !== 'measure').map(lineText),
    ...agreeing(measures),
    ...measures.filter(({ agrees }) => !agrees).map(lineText),
    '',
    reproduced
      ? `Reproduced: all ${formatCount(binding.length)} of what makes a result agree.`
      : `Not reproduced: ${formatCount(differing)} of ${formatCount(binding.length)} of what makes a result differ.`,
  ].join('\n')
}

function lineText({ what, expected, got, agrees, binding }: ReproductionLine): string {
  if (agrees) return `  same     ${what}: ${shown(expected)}`
  return `${binding ? '* ' : '  '}differs  ${what}: expected ${shown(expected)}, got ${shown(got)}`
}

function shown(text: string): string {
  return HASH.test(text) ? text.slice(0, SHOWN_OF_HASH) : text
}

/** `unseen, k = 0, nDCG@10: 12 rows` */
function agreeing(measures: readonly ReproductionLine[]): string[] {
  const tables = new Map<string, number>()
  for (const { what, agrees } of measures) {
    const table = what.slice(0, what.indexOf(' of '))
    if (agrees) tables.set(table, (tables.get(table) ?? 0) + 1)
  }
  return [...tables].map(([table, rows]) => `  same     ${table}: ${rows} ${rows === 1 ? 'row' : 'rows'}`)
}
