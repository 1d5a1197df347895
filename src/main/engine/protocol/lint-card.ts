import type { TaskCard } from '../../../shared/schemas/card'
import { type Finding, SEVERITIES, type Severity } from '../../../shared/schemas/dataset'
import type { Collection, Task } from '../datasets/collection'
import { dot, type Matrix, row } from '../numeric/matrix'
import { counted, type Evidence, evidence, type LintSubject, type TextRule } from './rule'
import { exemplarDocumentFromTest } from './rules/exemplar-document-from-test'
import { exemplarDocumentShared } from './rules/exemplar-document-shared'
import { exemplarFromTest } from './rules/exemplar-from-test'
import { NEAR, wording } from './wording'

/** Rules of datasets that speak of the card alone. */
const RULES: readonly TextRule[] = [exemplarFromTest, exemplarDocumentFromTest, exemplarDocumentShared]

/** Vectors of queries and of what cards show as queries, [texts, d]. */
export type EncodeQueries = (texts: readonly string[]) => Promise<Matrix>

interface CardCheck {
  readonly code: string
  readonly severity: Severity
  readonly remedy: string
  readonly found: Evidence | null
}

/**
 * What of a card would make a score on a task wrong or doubtful, worst first: it shows test queries or nearly, it says one
 * in its description, or its examples say one thing twice.
 */
export async function lintCard(
  card: TaskCard,
  task: Task,
  { record, encode }: { readonly record: LintSubject['record']; readonly encode: EncodeQueries },
): Promise<Finding[]> {
  const collection = withCard(task, card)
  const subject: LintSubject = { record, collection, dangling: { queries: [], documents: [] } }
  const checks: CardCheck[] = RULES.map((rule) => ({
    code: rule.name,
    severity: rule.severity,
    remedy: rule.remedy,
    found: rule.check(subject),
  }))
  checks.push(
    saidTestQueries(card, task),
    await nearTestQueries(card, task, encode),
    await alike(card, encode),
  )
  return checks
    .flatMap(({ found, ...check }) => (found ? [{ ...check, ...found }] : []))
    .sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity))
}

/** The collection with this one task, on the card in place of its own. */
function withCard({ collection, card: own, members, factors }: Task, card: TaskCard): Collection {
  return { ...collection, cards: [{ card: { ...card, id: own.id }, members, factors }] }
}

function saidTestQueries({ description }: TaskCard, { collection, test }: Task): CardCheck {
  const said = ` ${words(description)} `
  const { texts } = collection.queries
  const found = Array.from(test.queries, (query) => texts[query]).filter((text) => {
    const asked = words(text)
    return asked !== '' && said.includes(` ${asked} `)
  })
  return {
    code: 'description-says-test-query',
    severity: 'warning',
    remedy: 'Say what the search is for without the words of a query that tests it.',
    found: evidence(
      found.map((text) => JSON.stringify(text)),
      (count) => `The description says ${counted(count, 'test query', 'test queries')} word for word.`,
    ),
  }
}

/** Examples whose query nearly is a test query; those that are one word for word are another rule's. */
async function nearTestQueries(
  { examples }: TaskCard,
  { collection, test }: Task,
  encode: EncodeQueries,
): Promise<CardCheck> {
  const { texts } = collection.queries
  const asked = Array.from(test.queries, (query) => texts[query])
  const exactly = new Set(asked.map(wording))
  const shown = examples.filter(({ query }) => !exactly.has(wording(query)))
  const found: string[] = []
  if (shown.length > 0 && asked.length > 0) {
    const own = await encode(shown.map(({ query }) => query))
    const tested = await encode(asked)
    shown.forEach(({ query }, i) => {
      let best = -1
      let most = NEAR
      for (let j = 0; j < asked.length; j++) {
        const cosine = dot(row(own, i), row(tested, j))
        if (cosine >= most) [best, most] = [j, cosine]
      }
      if (best >= 0)
        found.push(`${JSON.stringify(query)} ≈ ${JSON.stringify(asked[best])} (${most.toFixed(3)})`)
    })
  }
  return {
    code: 'exemplar-near-test',
    severity: 'warning',
    remedy: 'Show another example: what tests the card would be told to it in other words.',
    found: evidence(
      found,
      (count) =>
        `${counted(count, 'example asks', 'examples ask')} nearly what a test query asks (cosine ${NEAR} or more).`,
      { cosine: NEAR, testQueries: asked.length },
    ),
  }
}

/** Pairs of examples that ask the same. */
async function alike({ examples }: TaskCard, encode: EncodeQueries): Promise<CardCheck> {
  const found: string[] = []
  if (examples.length > 1) {
    const vectors = await encode(examples.map(({ query }) => query))
    for (let i = 0; i < examples.length; i++) {
      for (let j = i + 1; j < examples.length; j++) {
        const same = wording(examples[i].query) === wording(examples[j].query)
        if (same || dot(row(vectors, i), row(vectors, j)) >= NEAR)
          found.push(`${i + 1} and ${j + 1}: ${JSON.stringify(examples[j].query)}`)
      }
    }
  }
  return {
    code: 'exemplars-alike',
    severity: 'note',
    remedy: 'Keep one of them: their mean counts this question twice and others less.',
    found: evidence(
      found,
      (count) =>
        `${counted(count, 'pair of examples asks', 'pairs of examples ask')} the same or nearly (cosine ${NEAR} or more).`,
      { cosine: NEAR },
    ),
  }
}

/** Only letters and digits, so that punctuation hides no query. */
function words(text: string): string {
  return wording(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .join(' ')
}
