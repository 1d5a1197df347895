import type { HANDED_HEADS, HandOutChoice } from '../../../shared/handed-heads'
import type { CardChoice } from '../../../shared/schemas/card'
import type {
  PlaygroundHit,
  PlaygroundRequest,
  PlaygroundResult,
  PlaygroundSystem,
} from '../../../shared/schemas/playground'

export type SearchHit = Omit<PlaygroundHit, 'grade'>

/** One query under the frozen encoder and, where a card is chosen, under its head; what `hydra search --json` prints. */
export interface SearchAnswer {
  readonly run: string
  readonly dataset: string
  readonly query: string
  /** The card's text as the encoder saw it; null for the frozen encoder alone. */
  readonly card: string | null
  readonly examples: number
  /** Which head the card has; null where no card was chosen. */
  readonly head: (typeof HANDED_HEADS)[number] | null
  /** The same in a sentence that says why. */
  readonly handedOut: string | null
  readonly frozen: readonly SearchHit[]
  /** BM25 beside it, already in the ranking; null where none is handed out. */
  readonly bm25: PlaygroundResult['bm25']
  /** What is handed out; null where no card was chosen. */
  readonly conditioned: readonly SearchHit[] | null
  /** Which experts make the card's head; null without a card, or where the run has no experts. */
  readonly experts: PlaygroundResult['experts']
  readonly milliseconds: PlaygroundResult['milliseconds']
}

export async function askSearch(
  rank: (request: PlaygroundRequest) => Promise<PlaygroundResult>,
  request: {
    readonly run: string
    readonly query: string
    readonly choice?: CardChoice
    readonly dataset?: string
    readonly handOut?: HandOutChoice
    readonly k?: number
  },
): Promise<SearchAnswer> {
  const { run, query, choice: card, dataset, handOut, k } = request
  const systems: PlaygroundSystem[] = card ? ['frozen', 'this card'] : ['frozen']
  const asked = { run, query, card, dataset, handOut, k }
  const result = await rank({ ...asked, systems })
  const { bm25 } = result
  // The words of the corpus are only looked at where the run's choice asks for them.
  const beside =
    bm25 &&
    (await rank({
      ...asked,
      systems: ['fused'],
      blend: { bm25: bm25.share, normalisation: bm25.normalisation },
    }))
  const hitsOf = (system: PlaygroundSystem, { columns } = result) =>
    columns.find((column) => column.system === system)?.hits.map(({ grade: _, ...hit }) => hit) ?? null
  const handed = result.columns.find(({ system }) => system === 'this card')?.handed
  return {
    run,
    dataset: result.dataset,
    query,
    card: result.card?.text ?? null,
    examples: result.card?.examples ?? 0,
    head: handed?.head ?? null,
    handedOut: handed?.why ?? null,
    frozen: hitsOf('frozen') ?? [],
    bm25,
    conditioned: beside ? hitsOf('fused', beside) : hitsOf('this card'),
    experts: result.experts,
    milliseconds: result.milliseconds,
  }
}
