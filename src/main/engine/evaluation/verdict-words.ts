import type { Difference, VerdictRow } from '../../../shared/verdict'

const MEASURE = 'nDCG@10'

export interface VerdictFacts {
  readonly rows: readonly VerdictRow[]
  readonly differences: readonly Difference[]
  readonly trainedTasks: number
}

/** The verdict as one paragraph: what the numbers say, how sure, and what they do not show. Every clause comes from the rows. */
export function verdictWords(facts: VerdictFacts): string {
  const unseen = facts.rows.some(({ cards, row }) => cards === 'unseen' && row === 'task card')
  const sentences = unseen ? unseenSentences(facts) : seenSentences(facts)
  if (sentences.length === 0) {
    const frozen = facts.rows.find(({ row }) => row === 'frozen')
    return frozen
      ? `The frozen encoder alone: nDCG@10 ${figure(frozen)} over ${frozen.n} queries. Nothing was trained.`
      : ''
  }
  return sentences.join(' ')
}

function unseenSentences({ rows, differences, trainedTasks }: VerdictFacts): string[] {
  const sentences: string[] = []
  const counts = [
    ...new Set(rows.filter(({ cards }) => cards === 'unseen').map(({ examples }) => examples)),
  ].sort((a, b) => a - b)
  for (const examples of counts) {
    const card = rows.find(
      (row) => row.cards === 'unseen' && row.examples === examples && row.row === 'task card',
    )
    const lead = differences.find((d) => isLead(d, 'unseen', examples))
    if (!card || !lead) continue
    const shown = examples === 0 ? 'from a description alone' : `with ${examples} examples on the card`
    const control = lead.b.replace('best control: ', '')
    sentences.push(
      `On cards that were never trained, ${shown}, the task card reaches nDCG@10 ${figure(card)} against ` +
        `${figure(rowOf(rows, 'unseen', examples, control))} for the best control (${control}): ${judgement(lead)}.`,
    )
  }
  const wrong = differences.find(
    (d) => d.b === 'wrong card' && d.cards === 'unseen' && d.measure === MEASURE && d.over === 'tasks',
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

function isLead(d: Difference, cards: 'seen' | 'unseen', examples: number): boolean {
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
  cards: 'seen' | 'unseen',
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
  if (d.low > 0) return `better by ${interval}`
  if (d.high < 0) return `worse by ${interval}`
  return `no difference shown (${interval})`
}

function signed(value: number): string {
  const digits = Math.abs(value).toFixed(3).replace(/^0/, '')
  return value < 0 ? `−${digits}` : `+${digits}`
}
