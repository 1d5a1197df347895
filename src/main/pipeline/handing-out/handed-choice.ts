import { HydraError } from '../../../shared/errors'
import { signed } from '../../../shared/figure-words'
import type { HandOutChoice } from '../../../shared/handed-heads'
import type { RunRecord } from '../../../shared/schemas/run'
import type {
  Evidence,
  HandedHead,
  HandedShare,
  HandOut,
  HandOutDecision,
} from '../../../shared/schemas/runs/hand-out'
import { headWords, shareWords, taskWords } from '../../engine/evaluation/hand-out/head-words'

/** Which head a card gets, and the sentence that says why. */
export interface HandedChoice {
  readonly head: HandedHead
  /** BM25 beside it, where dev shows that it helps. */
  readonly bm25: HandedShare | null
  readonly words: string
}

const TASK_CARD: HandedHead = { head: 'task card', strength: 1 }

/**
 * What the run's rule hands out for a card, or what was asked for in its place. Where nothing was chosen, for a card that no training
 * saw or a run that nobody scored, the task card's head as it was trained.
 * @param task whose own card it is; null for a card that somebody wrote  @param examples on the card
 */
export function handedChoice(options: {
  readonly run: Pick<RunRecord, 'id' | 'seen'> & Partial<Pick<RunRecord, 'recipe'>>
  readonly handOut: HandOut | null
  readonly task: string | null
  readonly examples: number
  readonly asked: HandOutChoice
}): HandedChoice {
  const { run, handOut, task, examples, asked } = options
  // What a network never looks at makes no other card of it.
  const shown = run.recipe?.maxExamples === 0 ? 0 : examples
  const decisions = (handOut?.decisions ?? []).filter((one) => one.examples > 0 === shown > 0)
  const trained = task !== null && run.seen.includes(task)
  const seen = decisions.filter(({ cards }) => cards === 'seen')
  const decision = trained
    ? (seen.find((one) => one.task === task) ?? seen.find((one) => one.task === null))
    : decisions.find(({ cards }) => cards === 'unseen')
  const rule = decision ? decisionWords(decision) : unchosenWords(handOut, trained)
  if (asked === 'rule') {
    const share = decision?.bm25
    const bm25 = share && share.share > 0 ? { normalisation: share.normalisation, share: share.share } : null
    return { head: decision?.chosen ?? TASK_CARD, bm25, words: `Handed out: ${rule}` }
  }
  const head = askedHead(asked, decision ? [decision] : decisions, run.id)
  return { head, bm25: null, words: `Handed out, as asked: ${headWords(head)}. By the rule: ${rule}` }
}

/** A control is set as it was on dev. */
function askedHead(
  asked: HandedHead['head'],
  decisions: readonly HandOutDecision[],
  run: string,
): HandedHead {
  if (asked === 'frozen' || asked === 'no card' || asked === 'task card') return { head: asked, strength: 1 }
  const set = decisions.flatMap(({ candidates }) => candidates).find(({ head }) => head === asked)
  if (set) return { head: asked, strength: 1, setting: set.setting }
  throw new HydraError('USAGE', {
    expected: `a head whose setting was chosen on dev queries of ${run} for as many examples`,
    got: `${asked}, which has none`,
    remedy: 'Ask for another head, or score the run again.',
    command: `hydra evaluate ${run}`,
  })
}

/** With BM25 in the share that this card's experts leave it. @param fit how much of the head they make, in [0, 1] */
export function fitted(choice: HandedChoice, fit: number): HandedChoice {
  const { bm25, words } = choice
  if (!bm25 || fit === 1) return choice
  if (fit === 0)
    return { ...choice, bm25: null, words: `${words} No expert fits this card, so BM25 has no share.` }
  const share = Number((bm25.share * fit).toFixed(3))
  const why = `Experts make ${figureOf(fit)} of this card’s head, so BM25’s share is ${figureOf(share)}.`
  return { ...choice, bm25: { ...bm25, share }, words: `${words} ${why}` }
}

/** `.25` */
function figureOf(value: number): string {
  return value.toFixed(2).replace(/^0/, '')
}

function unchosenWords(handOut: HandOut | null, trained: boolean): string {
  const why = !handOut
    ? 'the run was scored before there was a rule for it'
    : trained
      ? 'its task has no dev queries'
      : 'no training saw this card, and no task was left out of training to choose on'
  return `the task card as it was trained; nothing was chosen, for ${why}.`
}

function decisionWords(decision: HandOutDecision): string {
  return `${headSentence(decision)}${shareSentence(decision)}`
}

/** Nothing where BM25 is not handed out. */
function shareSentence({ bm25 }: HandOutDecision): string {
  const own = bm25?.candidates.find(({ share }) => share === bm25.share)
  if (!bm25 || !own || bm25.share === 0) return ''
  return ` Beside it ${shareWords(bm25)} (${bm25.normalisation}): nDCG@10 ${leadWords(own)} over the frozen encoder there.`
}

function headSentence(decision: HandOutDecision): string {
  const { cards, chosen, candidates, queries, tasks, unit, task, bm25 } = decision
  const on =
    unit === 'queries'
      ? `${queries.toLocaleString('en')} dev queries of ${task}`
      : `the dev queries of ${tasks} ${taskWords({ cards })}`
  if (chosen.head !== 'frozen') {
    const own = candidates.find((one) => isSame(one, chosen))!
    return `${headWords(chosen)}, chosen on ${on}: nDCG@10 ${leadWords(own)} over the frozen encoder there.`
  }
  const [best] = candidates.slice(1).toSorted((a, b) => b.lead - a.lead)
  if (bm25 && bm25.share > 0 && candidates.some(({ low, bm25: beside }) => beside && (low ?? 0) > 0))
    return `the frozen encoder as it is, chosen on ${on}: beside BM25 it leads more surely than any other head.`
  const nearly = best ? `; the best was ${headWords(best)} with ${leadWords(best)}` : ''
  return `the frozen encoder as it is, since on ${on} no head was better by more than noise${nearly}.`
}

function isSame(a: HandedHead, b: HandedHead): boolean {
  return a.head === b.head && a.strength === b.strength && a.setting === b.setting
}

function leadWords({ lead, low, high }: Evidence): string {
  return low === null || high === null ? signed(lead) : `${signed(lead)} [${signed(low)}, ${signed(high)}]`
}
