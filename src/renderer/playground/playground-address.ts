import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import { HAND_OUT_CHOICES, type HandOutChoice } from '../../shared/handed-heads'
import { NORMALISATIONS } from '../../shared/normalisation'
import { PLAYGROUND_SYSTEMS } from '../../shared/playground-systems'
import type { Blend, PlaygroundSystem } from '../../shared/schemas/playground'
import { type CardDraft, cardOfDraft, EMPTY_DRAFT } from '../cards/card-draft'

/** All that the playground shows, as its address says it. */
export interface PlaygroundState {
  run: string
  dataset: string
  query: string
  systems: PlaygroundSystem[]
  /** The task (or `card:<id>`) that the card began as; null: a blank one. */
  base: string | null
  /** The card where it was edited away from its base. */
  draft: CardDraft | null
  /** Whose queries are tried and whose judgments mark, where the card is no task's own. */
  judge: string | null
  otherTask: string | null
  otherRun: string
  blend: Blend
  /** Which head this card is. */
  handOut: HandOutChoice
  document: string | null
}

/** The share of BM25 and its scale are those that are handed out. */
export const NO_BLEND: Blend = { alpha: 1, other: 0 }
const USUAL_SYSTEMS: readonly PlaygroundSystem[] = ['frozen', 'this card']

export function readAddress(query: LocationQuery): PlaygroundState {
  const text = (key: string) => (typeof query[key] === 'string' ? query[key] : null)
  const number = (key: string, low: number) => {
    const value = Number(text(key) ?? Number.NaN)
    return Number.isFinite(value) ? Math.min(1, Math.max(low, value)) : undefined
  }
  // `arms` is what it was called before: links that people kept still open what they name.
  const systems = (text('systems') ?? text('arms') ?? '').split(',')
  const known = PLAYGROUND_SYSTEMS.filter((system) => systems.includes(system))
  return {
    run: text('run') ?? '',
    dataset: text('dataset') ?? '',
    query: text('q') ?? '',
    systems: known.length > 0 ? known : [...USUAL_SYSTEMS],
    base: text('task'),
    draft: readDraft(text('card'), text('describe')),
    judge: text('judge'),
    otherTask: text('other'),
    otherRun: text('through') ?? '',
    blend: {
      alpha: number('alpha', 0) ?? NO_BLEND.alpha,
      other: number('add', -1) ?? NO_BLEND.other,
      bm25: number('bm25', 0),
      normalisation: NORMALISATIONS.find((one) => one === text('scale')),
    },
    handOut: HAND_OUT_CHOICES.find((one) => one === text('head')) ?? 'rule',
    document: text('document'),
  }
}

/** What is as usual is left out, so that the address stays short. */
export function writeAddress(state: PlaygroundState): LocationQueryRaw {
  const { draft, blend } = state
  const bare = draft && isBare(draft)
  return {
    run: state.run || undefined,
    dataset: state.dataset || undefined,
    q: state.query || undefined,
    systems: state.systems.join() === USUAL_SYSTEMS.join() ? undefined : state.systems.join(),
    task: state.base ?? undefined,
    describe: bare ? draft.description : undefined,
    card: draft && !bare ? JSON.stringify(cardOfDraft(draft)) : undefined,
    judge: state.judge ?? undefined,
    other: state.otherTask ?? undefined,
    through: state.otherRun || undefined,
    alpha: differs(blend.alpha, NO_BLEND.alpha),
    add: differs(blend.other, NO_BLEND.other),
    bm25: differs(blend.bm25, NO_BLEND.bm25),
    scale: differs(blend.normalisation, NO_BLEND.normalisation),
    head: differs(state.handOut, 'rule'),
    document: state.document ?? undefined,
  }
}

function differs<Value extends string | number | undefined>(value: Value, usual: Value): string | undefined {
  return value === usual ? undefined : String(value)
}

function isBare(draft: CardDraft): boolean {
  return !draft.domain && !draft.queryType && draft.examples.length === 0
}

function readDraft(card: string | null, describe: string | null): CardDraft | null {
  if (describe !== null) return { ...EMPTY_DRAFT, description: describe }
  if (card === null) return null
  try {
    const { description, domain, queryType, examples } = JSON.parse(card) as Partial<CardDraft>
    return {
      description: String(description ?? ''),
      domain: String(domain ?? ''),
      queryType: String(queryType ?? ''),
      examples: Array.isArray(examples)
        ? examples.map((example) => ({
            ...example,
            query: String(example.query),
            document: String(example.document),
          }))
        : [],
    }
  } catch {
    // An address that was cut off on its way: the page opens without the card.
    return null
  }
}
