import type { HoldOut } from '../../../shared/schemas/run'
import type { DocumentPart, VerdictRow } from '../../../shared/schemas/verdict'
import type { Collection, Task } from '../datasets/collection'
import { holdsWhole } from '../datasets/hold-out/hold-out-corpora'
import { JUDGED_WHOLE } from '../datasets/judged-whole'
import type { NearestTrained } from '../datasets/nearest-trained'
import { FEW_TASKS } from '../statistics/inference'

const MEASURE = 'nDCG@10'
/** Below this many trained tasks an unseen card did worse than the control that it starts from (docs/method.md#recipes). */
const ENOUGH_TASKS = 40
/** A level that a reader may take for the quality of a search. */
const LOW_LEVEL = 0.3

export interface LimitFacts {
  readonly rows: readonly VerdictRow[]
  readonly documents: readonly DocumentPart[]
  /** Tasks that a network was trained on. */
  readonly trained: readonly Task[]
  /** Tasks held out whole that were tested. */
  readonly unseen: readonly Task[]
  /** [unseen] */
  readonly nearest: readonly NearestTrained[]
  readonly holdOut: HoldOut
  /** Collections that were tested. */
  readonly collections: readonly Pick<Collection, 'id' | 'hashed'>[]
  /** Whose queries were scored; test where nothing is said. */
  readonly split?: 'test' | 'dev'
}

const ON_DEV =
  'These are dev queries and no test: whatever was chosen on them looks better here than on new ones.'

/** What a run does not show: every sentence is a limit of the protocol that really applies to it. */
export function verdictLimits(facts: LimitFacts): string[] {
  return [
    ...(facts.split === 'dev' && facts.rows.length > 0 ? [ON_DEV] : []),
    ...hashedLimits(facts.collections),
    ...claimLimits(facts),
  ]
}

/** Figures over part of a collection's test queries stand beside no published ones. */
function hashedLimits(collections: LimitFacts['collections']): string[] {
  const shares = new Map<string, string[]>()
  for (const { id, hashed } of collections) {
    if (!hashed) continue
    const share = `${hashed.train}/${hashed.dev}/${hashed.test}`
    shares.set(share, [...(shares.get(share) ?? []), id])
  }
  return [...shares].map(
    ([share, ids]) =>
      `${ids.join(', ')}: no train split of its own; all judged queries were hashed ${share} into train, dev and test at import. Published figures are over other queries.`,
  )
}

function claimLimits(facts: LimitFacts): string[] {
  const { rows, trained, unseen } = facts
  if (!rows.some(({ row }) => row === 'task card')) return []
  const corpora = new Set([...trained, ...unseen].map(({ collection }) => collection.id))
  const one = corpora.size === 1 ? `One corpus (${[...corpora][0]}), one` : 'One'
  return [
    ...(unseen.length > 0 ? unseenLimits(facts) : seenLimits(facts)),
    ...missingControls(rows),
    ...unitLimits(rows),
    `${one} encoder, one split and one seed: the intervals cover none of these.`,
  ]
}

function unseenLimits({ rows, trained, unseen, nearest, holdOut }: LimitFacts): string[] {
  const limits: string[] = holdsWhole(holdOut) ? [JUDGED_WHOLE] : []
  const known = new Set(trained.map(({ collection }) => collection.id))
  const shared = unseen.filter(({ collection }) => known.has(collection.id)).length
  if (shared > 0) {
    const whose = shared === unseen.length ? '' : ` for ${shared} of ${unseen.length} unseen tasks`
    limits.push(
      `Unseen means the card and its set of documents: the documents themselves occur in trained tasks${whose}.`,
    )
    const inside = nearest.filter((one) => one.inside).length
    if (inside > 0)
      limits.push(
        `${inside} of ${unseen.length} unseen cards have more than half of their documents inside one trained card: part of what helps them may be that card.`,
      )
    if (holdOut === 'loose')
      limits.push('Loose hold-out: small relatives of an unseen card may have been trained.')
  }
  limits.push(...familyLimits(trained, unseen))
  if (trained.length > 0 && trained.length < ENOUGH_TASKS)
    limits.push(
      `${trained.length} ${trained.length === 1 ? 'task was' : 'tasks were'} trained: below about ${ENOUGH_TASKS} unseen cards have done worse than the control that they start from.`,
    )
  const levels = rows
    .filter(({ cards, row, bm25 }) => cards !== 'seen' && row === 'task card' && !bm25)
    .map(({ mean }) => mean[MEASURE].value)
  const highest = Math.max(...levels)
  if (highest < LOW_LEVEL)
    limits.push(
      `Levels are low in absolute terms (${highest.toFixed(3).replace(/^0/, '')} at most): read the lead, not the level.`,
    )
  return limits
}

/** A corpus of which nothing was trained is still no stranger where others of its family were. */
function familyLimits(trained: readonly Task[], unseen: readonly Task[]): string[] {
  const known = new Set(trained.map(({ collection }) => collection.id))
  const families = new Set(trained.flatMap(({ collection: { family } }) => family ?? []))
  const corpora = new Map(unseen.map(({ collection: { id, family } }) => [id, family]))
  const strangers = [...corpora].filter(([id]) => !known.has(id))
  const related = strangers.filter(([, family]) => family !== undefined && families.has(family))
  if (related.length === 0) return []
  return [
    `${related.length} of ${strangers.length} unseen corpora are of families of which other corpora were trained: what a new family would do they do not show.`,
  ]
}

function seenLimits({ rows, documents }: LimitFacts): string[] {
  const limits = ['No card was held out: nothing here says what a new card would do.']
  if (!rows.some(({ row }) => row === 'task id'))
    limits.push("Whether an id in the card's place would do as well was not measured.")
  if (documents.length > 0 && !documents.some((part) => part.documents === 'unseen'))
    limits.push(
      'Every query asks for a document that a train query is answered by, too: what the head does for other documents was not measured.',
    )
  return limits
}

/** The controls without which a lead says less than it seems to. */
function missingControls(rows: readonly VerdictRow[]): string[] {
  const limits: string[] = []
  const ran = (row: string, isAsked: (one: VerdictRow) => boolean = () => true) =>
    rows.some((one) => one.row === row && isAsked(one))
  if (!ran('no card'))
    limits.push(
      'The same network without a card did not run: what of a lead is the card and what the training is open.',
    )
  const shown = [...new Set(rows.map(({ examples }) => examples))].filter((examples) => examples > 0)
  const without = shown.filter((examples) => !ran('few-shot', (one) => one.examples === examples))
  if (without.length > 0)
    limits.push(
      `No head was fitted to the card's own examples (few-shot) at k = ${without.join(', ')}: the task card was not held against it.`,
    )
  return limits
}

/** Of every table whose unit is not tasks: tables of one run may differ in it. */
function unitLimits(rows: readonly VerdictRow[]): string[] {
  const few = rows.flatMap(({ unit, taskCount }) => (unit === 'queries within tasks' ? [taskCount] : []))
  const limits = [...new Set(few)].map((count) => {
    const overlap = count < FEW_TASKS ? '' : `, which overlap in fewer than ${FEW_TASKS} clusters,`
    return `${count} tasks${overlap} are no sample of tasks: intervals and p-values over queries within them speak of these tasks only, not of others.`
  })
  if (rows.some(({ unit }) => unit === 'queries'))
    limits.push('One task: intervals and p-values over its queries speak of this task only, not of others.')
  return limits
}
