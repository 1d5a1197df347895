import { pWords, signed } from '../../../../shared/figure-words'
import type { ComparedPair, Comparison } from '../../../../shared/schemas/comparison'
import { HEADLINE_MEASURES, type Verdict } from '../../../../shared/schemas/verdict'
import { unitWords } from '../../../../shared/unit'
import { alignTable } from '../align-table'
import type { ServiceClient } from '../arguments/command'
import { wrap } from '../fit-text'
import { formatCount, formatInterval } from '../format-number'

const [MEASURE] = HEADLINE_MEASURES
const BASE = 'frozen'

/** What is said of the corpora that a run held out, from the description alone. */
export interface HeldOut {
  /** Tasks trained, held out, and left out to choose on. */
  readonly split: { readonly trained: number; readonly unseen: number; readonly chosenOn: number }
  /** Every row tested against every other. */
  readonly comparison: Comparison
  /** By row, then by corpus. */
  readonly corpora: Readonly<Record<string, Readonly<Record<string, number>>>>
}

export async function readHeldOut(client: ServiceClient, run: string): Promise<HeldOut> {
  const table = { cards: 'unseen', examples: 0 } as const
  const { seen, unseen, ruleTasks = [] } = await client.runs.show({ id: run })
  const comparison = await client.reporting.compare({ runs: [run], ...table, measures: [MEASURE] })
  const corpora: Record<string, Record<string, number>> = {}
  for (const { row } of comparison.systems) {
    const scores = await client.runs.tasks({ id: run, row, ...table })
    corpora[row] = Object.fromEntries(
      Object.entries(scores).map(([task, { measures }]) => [task, measures[MEASURE].value]),
    )
  }
  return {
    split: { trained: seen.length, unseen: unseen.length, chosenOn: ruleTasks.length },
    comparison,
    corpora,
  }
}

/** Corpora that were never trained: each row with its gain over the frozen encoder, and how many corpora it makes better. */
export function corporaTable(verdict: Verdict, held: HeldOut, columns: number): string[] {
  const rows = verdict.rows.filter(
    ({ cards, examples, bm25 }) => cards === 'unseen' && examples === 0 && !bm25,
  )
  const { tasks, n, unit, units } = held.comparison
  const { trained, unseen, chosenOn } = held.split
  const choosing = chosenOn > 0 ? `, ${formatCount(chosenOn)} chose what is handed out` : ''
  const sentence = `${formatCount(unseen)} corpora were held out, ${formatCount(trained)} trained${choosing}. ${formatCount(n)} queries, every corpus counts once, 95 % intervals ${unitWords({ unit, n: units, tasks: tasks.length })}.`
  return [
    ...wrap(sentence, columns),
    '',
    alignTable(
      [
        { title: 'row' },
        { title: `${MEASURE} [95 %]` },
        { title: `gain over ${BASE} [95 %], p after Holm` },
        { title: 'corpora won', align: 'right' },
      ],
      rows.map(({ row, mean }) => [
        row,
        formatInterval(mean[MEASURE]),
        ...(row === BASE ? ['', ''] : [gainOf(row, held.comparison), wonOf(row, held.corpora)]),
      ]),
    ),
  ]
}

function gainOf(row: string, { systems, pairs }: Comparison): string {
  const letterOf = (name: string) => systems.find((system) => system.row === name)?.letter
  const [own, base] = [letterOf(row), letterOf(BASE)]
  const pair = pairs.find(({ a, b }) => (a === own && b === base) || (a === base && b === own))
  if (!pair) return ''
  const { delta, low, high, corrected } = pair.a === own ? pair : turned(pair)
  return `${signed(delta)} [${signed(low)}, ${signed(high)}] ${pWords(corrected)}`
}

/** b − a in place of a − b. */
function turned(pair: ComparedPair): ComparedPair {
  return { ...pair, delta: -pair.delta, low: -pair.high, high: -pair.low }
}

function wonOf(row: string, corpora: HeldOut['corpora']): string {
  const won = Object.entries(corpora[row]).filter(([corpus, value]) => value > corpora[BASE][corpus])
  return `${won.length} of ${Object.keys(corpora[row]).length}`
}
