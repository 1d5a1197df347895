import { decisiveP, isShown, NO_DIFFERENCE } from '../../../shared/is-shown'
import { CARD_GROUPS } from '../../../shared/ladder'
import type { Cards, Difference, VerdictRow } from '../../../shared/schemas/verdict'

const MEASURE = 'nDCG@10'

export interface VerdictFacts {
  readonly rows: readonly VerdictRow[]
  readonly differences: readonly Difference[]
  readonly trainedTasks: number
  /** Whose queries were scored; test where nothing is said. */
  readonly split?: 'test' | 'dev'
}

const ON_DEV =
  'These are dev queries and no test: whatever was chosen on them looks better here than on new ones.'

/** The verdict as one paragraph: what the numbers say, how sure, and what they do not show. Every clause comes from the rows. */
export function verdictWords(facts: VerdictFacts): string {
  const words = testWords(facts)
  return facts.split === 'dev' && words !== '' ? `${words} ${ON_DEV}` : words
}

function testWords(facts: VerdictFacts): string {
  const unseen = facts.rows.some(({ cards, row }) => cards !== 'seen' && row === 'task card')
  const sentences = unseen ? unseenSentences(facts) : seenSentences(facts)
  if (sentences.length === 0) {
    const frozen = facts.rows.find(({ row }) => row === 'frozen')
    return frozen
      ? `The frozen encoder alone: nDCG@10 ${figure(frozen)} over ${frozen.n} queries. Nothing was trained.`
      : ''
  }
  return sentences.join(' ')
}

const NEVER_TRAINED: Readonly<Record<Exclude<Cards, 'seen'>, string>> = {
  'unseen-combination': 'On combinations whose relation and category were trained, but never together',
  'unseen-category': 'On cards whose category was never trained',
  'unseen-relation': 'On cards whose relation was never trained',
  unseen: 'On cards that were never trained',
}

function unseenSentences({ rows, differences, trainedTasks }: VerdictFacts): string[] {
  const sentences: string[] = []
  for (const cards of CARD_GROUPS) {
    if (cards === 'seen') continue
    const ours = rows.filter((row) => row.cards === cards && row.row === 'task card' && !row.bm25)
    for (const card of ours.toSorted((a, b) => a.examples - b.examples)) {
      const { examples } = card
      const lead = differences.find((d) => isLead(d, cards, examples))
      if (!lead) continue
      const shown = examples === 0 ? 'from a description alone' : `with ${examples} examples on the card`
      const control = lead.b.replace('best control: ', '')
      sentences.push(
        `${NEVER_TRAINED[cards]}, ${shown}, the task card reaches nDCG@10 ${figure(card)} against ` +
          `${figure(rowOf(rows, cards, examples, control))} for the best control (${control}): ${judgement(lead)}.`,
      )
    }
  }
  const wrong = differences.find(
    (d) => d.b === 'wrong card' && d.cards !== 'seen' && d.measure === MEASURE && d.over === 'tasks',
  )
  if (wrong)
    sentences.push(
      `A wrong card is ${signed(-wrong.delta)} beside the right one, so it is the card's content that matters.`,
    )
  sentences.push(
    `What this does not show: unseen means a card and a set that were never trained (${trainedTasks} others were); the documents ` +
      'themselves do occur in trained tasks; levels are low in absolute terms; another corpus or encoder was not tried here, ' +
      'and with fewer than about 40 training tasks an unseen card does worse than its control.',
  )
  return sentences
}

function seenSentences({ rows, differences, trainedTasks }: VerdictFacts): string[] {
  const sentences: string[] = []
  const counts = [...new Set(rows.map(({ examples }) => examples))].sort((a, b) => a - b)
  for (const examples of counts) {
    const card = rowOf(rows, 'seen', examples, 'task card')
    const frozen = rowOf(rows, 'seen', examples, 'frozen')
    if (!card || !frozen) continue
    const noCard = differences.find(
      (d) =>
        d.cards === 'seen' &&
        d.examples === examples &&
        d.b === 'no card' &&
        d.measure === MEASURE &&
        preferred(d, differences),
    )
    sentences.push(
      `With ${examples} examples on the card the task card reaches nDCG@10 ${figure(card)} against ${figure(frozen)} frozen` +
        (noCard
          ? `; what the card itself is worth, against the same network without a card: ${judgement(noCard)}.`
          : '.'),
    )
  }
  if (sentences.length > 0) {
    const those = trainedTasks === 1 ? 'This task was trained' : `These ${trainedTasks} tasks were trained`
    sentences.push(
      `${those}: for a trained task a card is hardly more than a name. Only cards held out of training show whether a ` +
        'description generalises.',
    )
  }
  return sentences
}

function isLead(d: Difference, cards: Cards, examples: number): boolean {
  return (
    d.cards === cards &&
    d.examples === examples &&
    d.measure === MEASURE &&
    d.over === 'tasks' &&
    d.b.startsWith('best control')
  )
}

/** Over tasks where such an interval exists, else over queries. */
function preferred(d: Difference, all: readonly Difference[]): boolean {
  return d.over === 'tasks' || !all.some((other) => other.over === 'tasks' && other.cards === d.cards)
}

function rowOf(
  rows: readonly VerdictRow[],
  cards: Cards,
  examples: number,
  row: string,
): VerdictRow | undefined {
  return rows.find((one) => one.cards === cards && one.examples === examples && one.row === row)
}

function figure(row: VerdictRow | undefined): string {
  return row ? row.mean[MEASURE].value.toFixed(3).replace(/^0/, '') : '–'
}

function judgement(d: Difference): string {
  const unit = d.over === 'tasks' ? 'tasks' : 'queries'
  const interval = `${signed(d.delta)}, 95 % interval over ${unit} [${signed(d.low)}, ${signed(d.high)}]`
  const p = pValue(decisiveP(d))
  const correction = d.corrected === undefined ? p : `${p} after Holm`
  if (!isShown(d)) return `${NO_DIFFERENCE} (${interval}, ${correction}${missed(d)})`
  return `${d.delta > 0 ? 'better' : 'worse'} by ${interval}, ${correction}`
}

/** What nobody should conclude from silence: how large a difference could have gone unnoticed. */
function missed({ detectable }: Difference): string {
  return detectable == null ? '' : `; below ${signed(detectable).slice(1)} this n would often miss one`
}

function pValue(p: number): string {
  return p < 0.001 ? 'p < .001' : `p = ${p.toFixed(3).replace(/^0/, '')}`
}

function signed(value: number): string {
  const digits = Math.abs(value).toFixed(3).replace(/^0/, '')
  return value < 0 ? `−${digits}` : `+${digits}`
}
