import { pWords, signed } from '../../../shared/figure-words'
import { isShown, NO_DIFFERENCE } from '../../../shared/is-shown'
import { CARD_GROUPS, CONTROLS } from '../../../shared/ladder'
import type { Cards, Difference, DocumentPart, VerdictRow } from '../../../shared/schemas/verdict'
import { systemLabel } from '../../../shared/system-name'
import { unitWords } from '../../../shared/unit'

const MEASURE = 'nDCG@10'

export interface VerdictFacts {
  readonly rows: readonly VerdictRow[]
  readonly differences: readonly Difference[]
  readonly documents: readonly DocumentPart[]
  /** Unseen tasks are of corpora of which no task was trained. */
  readonly wholeCorpora: boolean
}

/** What the numbers of a run say and how sure it is, a sentence for each claim. Every clause follows from the rows. */
export function verdictWords(facts: VerdictFacts): string {
  const unseen = facts.rows.some(({ cards, row }) => cards !== 'seen' && row === 'task card')
  const sentences = unseen ? unseenSentences(facts) : seenSentences(facts)
  if (sentences.length === 0) {
    const frozen = facts.rows.find(({ row }) => row === 'frozen')
    return frozen
      ? `The frozen encoder alone: nDCG@10 ${figure(frozen)} over ${frozen.n.toLocaleString('en')} queries. Nothing was trained.`
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

function unseenSentences(facts: VerdictFacts): string[] {
  const sentences: string[] = []
  for (const cards of CARD_GROUPS) {
    if (cards === 'seen') continue
    for (const card of cardRows(facts, cards))
      sentences.push(leadSentence(facts, cards, card), ...documentSentence(facts, card))
  }
  return [
    ...sentences,
    ...handedOutSentences(facts, (cards) => cards !== 'seen'),
    ...wrongCardSentences(facts, (cards) => cards !== 'seen'),
  ]
}

/** What the rule made of a table's heads, against leaving the encoder as it is. */
function handedOutSentences(
  { differences, rows }: VerdictFacts,
  isAsked: (cards: Cards) => boolean,
): string[] {
  const gains = differences.filter(
    (d) => d.measure === MEASURE && isAsked(d.cards) && !d.a.bm25 && d.a.row === 'handed out',
  )
  return gains.flatMap((gain) => {
    const where = gain.cards === 'seen' ? 'With' : `${NEVER_TRAINED[gain.cards]}, with`
    const row = rowOf(rows, gain.cards, gain.examples, 'handed out')
    const alone = `${where} ${gain.examples} examples what is handed out, chosen on dev, reaches ${figure(row)}; against the frozen encoder: ${judgement(gain)}.`
    const beside = differences.find(
      ({ a, b, cards, examples, measure }) =>
        a.row === 'handed out' &&
        b.bm25 &&
        cards === gain.cards &&
        examples === gain.examples &&
        measure === MEASURE,
    )
    if (!beside) return [alone]
    const fused = rows.find(
      (one) =>
        one.cards === gain.cards && one.examples === gain.examples && one.row === 'handed out' && one.bm25,
    )!
    return [
      alone,
      `Beside BM25, its share chosen alike, it reaches ${figure(fused)}; against the frozen encoder beside BM25: ${judgement(beside)}.`,
    ]
  })
}

function leadSentence(facts: VerdictFacts, cards: Exclude<Cards, 'seen'>, card: VerdictRow): string {
  const { rows, differences, wholeCorpora } = facts
  const { examples } = card
  const which =
    cards === 'unseen' && wholeCorpora ? 'On corpora that were never trained' : NEVER_TRAINED[cards]
  const shown = examples === 0 ? 'from a description alone' : `with ${examples} examples on the card`
  const reached = `${which}, ${shown}, the task card reaches nDCG@10 ${figure(card)}`
  const lead = differences.find((d) => isOf(d, cards, examples) && d.best)
  if (!lead) return `${reached}; no control ran beside it.`
  const ran = CONTROLS.filter((control) => rowOf(rows, cards, examples, control))
  const among = ran.length === 1 ? `the one control that ran` : `the best of ${listed(ran)}`
  const control = rowOf(rows, cards, examples, lead.b.row)
  const named = ran.length === 1 ? lead.b.row : `${among} (${lead.b.row})`
  return `${reached} against ${figure(control)} for ${named}: ${judgement(lead)}.`
}

/** What of a lead is knowledge of documents that train queries asked for: said where there are others beside them. */
function documentSentence({ documents }: VerdictFacts, { cards, examples }: VerdictRow): string[] {
  const part = (which: DocumentPart['documents']) =>
    documents.find(
      (one) =>
        one.cards === cards && one.examples === examples && one.documents === which && one.leads[MEASURE],
    )
  const [seen, unseen] = [part('seen'), part('unseen')]
  if (!seen || !unseen) return []
  const [known, lead] = [seen.leads[MEASURE], unseen.leads[MEASURE]]
  const queries = (count: number) => count.toLocaleString('en')
  const which = `On the ${queries(unseen.queries)} of ${queries(seen.queries + unseen.queries)} queries whose relevant documents no train query touched`
  const alone =
    isShown(known) && known.delta > 0 && !(isShown(lead) && lead.delta > 0)
      ? `; it is shown to be better on the other ${queries(seen.queries)} alone, by ${signed(known.delta)}`
      : ''
  const there = judgement({ ...lead, unit: unseen.unit, n: unseen.n, tasks: unseen.tasks })
  return [`${which}, against ${systemLabel(lead.control)}: ${there}${alone}.`]
}

/** What a wrong card says of the right one's content, of each group of cards that was asked: at every number of examples, or it is not said. */
function wrongCardSentences({ differences }: VerdictFacts, isAsked: (cards: Cards) => boolean): string[] {
  const wrong = differences.filter(
    (d) => d.measure === MEASURE && isAsked(d.cards) && !d.b.bm25 && d.b.row === 'wrong card',
  )
  const groups = CARD_GROUPS.filter((group) => wrong.some(({ cards }) => cards === group))
  return groups.map((group) => {
    const where = groups.length > 1 && group !== 'seen' ? `${NEVER_TRAINED[group]}, a` : 'A'
    return wrongCardSentence(
      wrong.filter(({ cards }) => cards === group),
      where,
    )
  })
}

function wrongCardSentence(wrong: readonly Difference[], where: string): string {
  const sizes = listed(wrong.map(({ delta, examples }) => `${signed(-delta)} at k = ${examples}`))
  const beside = `${where} wrong card scores ${sizes} beside the right one`
  if (wrong.every((d) => isShown(d) && d.delta > 0))
    return `${beside}: it is the card's content that matters.`
  if (wrong.every((d) => isShown(d) && d.delta < 0))
    return `${beside}: what helps here is not what the card says.`
  return `${beside}, which is not shown to be worse throughout: that the card's content matters is not shown.`
}

function seenSentences(facts: VerdictFacts): string[] {
  const { rows, differences } = facts
  const sentences: string[] = []
  for (const card of cardRows(facts, 'seen')) {
    const { examples } = card
    const frozen = rowOf(rows, 'seen', examples, 'frozen')
    const beside = (row: string) =>
      differences.find((d) => isOf(d, 'seen', examples) && !d.b.bm25 && d.b.row === row)
    const [noCard, taskId] = [beside('no card'), beside('task id')]
    sentences.push(
      `With ${examples} examples on the card the task card reaches nDCG@10 ${figure(card)}` +
        (frozen ? ` against ${figure(frozen)} frozen` : '') +
        (noCard
          ? `; what the card itself is worth, against the same network without a card: ${judgement(noCard)}`
          : '') +
        '.',
    )
    if (taskId) sentences.push(idSentence(taskId))
    sentences.push(...documentSentence(facts, card))
  }
  const isSeen = (cards: Cards) => cards === 'seen'
  return sentences.length > 0
    ? [...sentences, ...handedOutSentences(facts, isSeen), ...wrongCardSentences(facts, isSeen)]
    : []
}

/** A trained task could be told by a number as well: whether its card is more than that. */
function idSentence(difference: Difference): string {
  const beside = `Against an id in the card's place: ${judgement(difference)}`
  if (isShown(difference) && difference.delta > 0) return `${beside}.`
  return `${beside}, so for these trained tasks a card is hardly more than a name.`
}

/** The task card's rows of some cards, fewest examples first. */
function cardRows({ rows }: VerdictFacts, cards: Cards): VerdictRow[] {
  return rows
    .filter((row) => row.cards === cards && row.row === 'task card' && !row.bm25)
    .toSorted((a, b) => a.examples - b.examples)
}

function isOf(d: Difference, cards: Cards, examples: number): boolean {
  return (
    d.cards === cards &&
    d.examples === examples &&
    d.measure === MEASURE &&
    d.a.row === 'task card' &&
    !d.a.bm25
  )
}

function rowOf(
  rows: readonly VerdictRow[],
  cards: Cards,
  examples: number,
  row: string,
): VerdictRow | undefined {
  return rows.find((one) => one.cards === cards && one.examples === examples && systemLabel(one) === row)
}

function figure(row: VerdictRow | undefined): string {
  return row ? row.mean[MEASURE].value.toFixed(3).replace(/^0/, '') : '–'
}

type Judged = Pick<
  Difference,
  'delta' | 'low' | 'high' | 'corrected' | 'family' | 'detectable' | 'unit' | 'n' | 'tasks'
>

function judgement(d: Judged): string {
  const interval = `${signed(d.delta)}, 95 % interval ${unitWords(d)} [${signed(d.low)}, ${signed(d.high)}]`
  const corrected = d.family > 1 ? ` after Holm over ${d.family}` : ''
  const p = `${pWords(d.corrected)}${corrected}`
  if (!isShown(d)) return `${NO_DIFFERENCE} (${interval}, ${p}${missed(d)})`
  return `${d.delta > 0 ? 'better' : 'worse'} by ${interval}, ${p}`
}

/** What nobody should conclude from silence: how large a difference could have gone unnoticed. */
function missed({ detectable }: Judged): string {
  return detectable === null ? '' : `; below ${signed(detectable).slice(1)} this n would often miss one`
}

/** `a, b and c` */
function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}
