import { figure, signed } from '../../../shared/figure-words'
import type {
  ComparedPart,
  ComparedSeeds,
  Comparison,
  ComparisonFormat,
} from '../../../shared/schemas/comparison'
import { unitWords } from '../../../shared/unit'
import { comparisonTable, markdownLine, pairRows, systemRows } from '../../engine/reporting/comparison-table'

/** A comparison as text, with all that stands beside its table where a reader sees the file as it is. */
export function renderComparison(comparison: Comparison, format: ComparisonFormat): string {
  const table = comparisonTable(comparison, format)
  if (format !== 'markdown') return table
  const { documents = [], seeds = [], differs, runs } = comparison
  return [
    table,
    ...documents.flatMap((part) => partTable(part, comparison)),
    ...(seeds.length > 0 ? seedTable(seeds, comparison) : []),
    ...(differs.length > 0
      ? [
          '',
          'What differs in the configuration:',
          '',
          markdownLine(['setting', ...runs]),
          markdownLine(['---', ...runs.map(() => '---')]),
          ...differs.map(({ setting, values }) => markdownLine([setting, ...values])),
        ]
      : []),
  ].join('\n')
}

const WHICH: Readonly<Record<ComparedPart['documents'], string>> = {
  seen: 'a train query touched a relevant document',
  unseen: 'no train query touched a relevant document',
}

function partTable(part: ComparedPart, { measures, n }: Comparison): string[] {
  return [
    '',
    `The ${part.n} of ${n} queries of which ${WHICH[part.documents]}, ${unitWords({ unit: part.unit, n: part.units, tasks: part.tasks })}:`,
    '',
    ...systemRows(part.systems, measures),
    ...(part.pairs.length > 0 ? ['', ...pairRows(part.pairs)] : []),
  ]
}

function seedTable(seeds: readonly ComparedSeeds[], { unit, units, tasks }: Comparison): string[] {
  const over = unitWords({ unit, n: units, tasks: tasks.length }).replace('over ', '')
  return [
    '',
    `Over ${seeds[0].runs} seeds and ${over}; standard errors of the mean by each alone, and 95 % by all:`,
    '',
    markdownLine([
      '',
      'measure',
      'mean',
      '95 % interval',
      'sd over seeds',
      'by seeds',
      'by queries or tasks',
      'by both',
    ]),
    markdownLine(['---', '---', '---:', '---:', '---:', '---:', '---:', '---:']),
    ...seeds.map(({ row, minus, measure, mean, low, high, sd, errors }) => {
      const value = minus === null ? figure : signed
      return markdownLine([
        minus === null ? row : `${row} − ${minus}`,
        measure,
        value(mean),
        `${value(low)} to ${value(high)}`,
        figure(sd),
        figure(errors.seeds),
        figure(errors.units),
        figure(errors.both),
      ])
    }),
  ]
}
