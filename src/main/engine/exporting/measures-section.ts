import { HEADLINE_MEASURES } from '../../../shared/ladder'
import type { Interval, Verdict, VerdictRow } from '../../../shared/schemas/verdict'
import type { ExportBackground } from './export-readme'
import type { HeadOrigin } from './head-file'

const SYSTEM = 'task card'
/** Beside it in a README; the run's own results have them all. */
const BESIDE = ['frozen', 'no card', 'task card', 'handed out', 'wrong card']
const LEAD = 'nDCG@10'

/** The row of the system that a head is one of; of a part of a head what the run hands out. */
export function headRow({ handedOut }: Pick<HeadOrigin, 'handedOut'>): string {
  const { head, strength } = handedOut ?? { head: SYSTEM, strength: 1 }
  return strength === 1 ? head : 'handed out'
}

/** Rows of a system, one for each table of the run. */
export function systemRows(verdict: Verdict | null, name: string): readonly VerdictRow[] {
  return verdict?.rows.filter(({ row, bm25 }) => row === name && !bm25) ?? []
}

/**
 * What was measured, and what these numbers are about: cards of the run, of which this one may be none.
 * @param row of the system that leaves  @param standing what the card is to the run, as a sentence
 */
export function measuresSection(
  { row, standing }: { readonly row: string; readonly standing: string },
  { run, verdict }: ExportBackground,
): string[] {
  const rows = systemRows(verdict, row)
  if (!verdict || rows.length === 0)
    return ['## Measures', '', 'The run was not scored: nothing is known of what it does to a ranking.']
  return [
    '## Measures',
    '',
    `${standing} Means over tasks with 95 % intervals, in the words of ir_measures; the figures are those of the run ${run.id}.`,
    ...rows.flatMap((own) => tableOf(own, verdict)),
    '',
    `**What the numbers say.** ${verdict.words}`,
    '',
    '## Protocol',
    '',
    ...protocolOf(run, verdict),
    '',
    'What this does not show:',
    '',
    ...verdict.limits.map((limit) => `- ${limit}`),
  ]
}

/** What a card is to the run that its head comes from. */
export function cardStanding(
  { dataset, card }: HeadOrigin,
  { seen, unseen }: Pick<ExportBackground['run'], 'seen' | 'unseen'>,
): string {
  const tasks = [dataset, `${dataset}/${card.id}`]
  const among = (list: readonly string[]) => tasks.some((task) => list.includes(task))
  if (among(seen)) return 'This card’s task was trained.'
  if (among(unseen)) return 'This card’s task was held out of training.'
  return 'This card is new: it was in no evaluation, and the figures are those of the run’s own cards.'
}

function tableOf(own: VerdictRow, verdict: Verdict): string[] {
  const same = verdict.rows.filter(
    ({ bm25, cards, examples }) => !bm25 && cards === own.cards && examples === own.examples,
  )
  const beside = BESIDE.filter((name) => name !== own.row)
  const shown = [own, ...beside.flatMap((name) => same.filter(({ row }) => row === name))]
  const measures = HEADLINE_MEASURES.filter((measure) => own.mean[measure])
  const lead = verdict.differences.find(
    ({ a, b, best, cards, examples, task, measure }) =>
      a.row === own.row &&
      !a.bm25 &&
      !b.bm25 &&
      best &&
      cards === own.cards &&
      examples === own.examples &&
      task === null &&
      measure === LEAD,
  )
  return [
    '',
    `**${own.cards} cards, ${own.examples} examples on the card**: ${own.n} queries of ${own.taskCount} ${own.taskCount === 1 ? 'task' : 'tasks'}; intervals draw ${own.units} ${own.unit}.`,
    '',
    `| system | ${measures.join(' | ')} |`,
    `|---|${measures.map(() => '---|').join('')}`,
    ...shown.map(
      ({ row, mean }) => `| ${row} | ${measures.map((measure) => interval(mean[measure])).join(' | ')} |`,
    ),
    ...(lead
      ? [
          '',
          `Lead over the best control, ${lead.b.row}: ${interval({ value: lead.delta, low: lead.low, high: lead.high })} ${LEAD}.`,
        ]
      : []),
  ]
}

function interval(found: Interval | undefined): string {
  if (!found) return '–'
  const [value, low, high] = [found.value, found.low, found.high].map((one) => one.toFixed(3))
  return `${value} [${low}, ${high}]`
}

function protocolOf(
  { request, recipe, seen, unseen, encoder, app }: ExportBackground['run'],
  { depth, split, tasks }: Verdict,
): string[] {
  return [
    `- Tasks: ${seen.length} trained, ${unseen.length} held out (${unseen.length > 0 ? request.holdOut : 'none asked for'}); ${tasks.length} scored on the queries of ${split ?? 'test'}, to a depth of ${depth}.`,
    `- Seed ${request.seed}${unseen.length > 0 ? `, hold-out drawn by ${request.splitSeed}` : ''}; documents that a card shows leave candidates and judgments where the dataset’s protocol says so.`,
    ...(recipe
      ? [
          `- Network: generator ${recipe.generator.name}, head ${recipe.head.name}, side ${recipe.side}; teacher ${recipe.teacher.name}; losses ${recipe.losses.map(({ name }) => name).join(' + ')}.`,
        ]
      : []),
    `- Encoder ${encoder.id}, sha256 ${encoder.sha256}. Trained with Hydra Workbench ${app}.`,
  ]
}
