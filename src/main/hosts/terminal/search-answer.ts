import type { HandOutChoice } from '../../../shared/handed-heads'
import type { CardChoice } from '../../../shared/schemas/card'
import type { PlaygroundHit, PlaygroundResult, PlaygroundSystem } from '../../../shared/schemas/playground'
import type { ServiceClient } from './arguments/command'

export type SearchHit = Omit<PlaygroundHit, 'grade'>

/** One query under the frozen encoder and, where a card is chosen, under its head; what `hydra search --json` prints. */
export interface SearchAnswer {
  readonly run: string
  readonly dataset: string
  readonly query: string
  /** The card's text as the encoder saw it; null for the frozen encoder alone. */
  readonly card: string | null
  readonly examples: number
  /** Which head the card has, and why; null where no card was chosen. */
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
  client: ServiceClient,
  request: {
    readonly run: string
    readonly query: string
    readonly choice?: CardChoice
    readonly dataset?: string
    readonly handOut?: HandOutChoice
    readonly k?: number
  },
  signal: AbortSignal,
): Promise<SearchAnswer> {
  const { run, query, choice: card, dataset, handOut, k } = request
  const systems: PlaygroundSystem[] = card ? ['frozen', 'this card'] : ['frozen']
  const asked = { run, query, card, dataset, handOut, k }
  const result = await client.playground.rank({ ...asked, systems }, { signal })
  const { bm25 } = result
  // The words of the corpus are only looked at where the run's choice asks for them.
  const beside =
    bm25 &&
    (await client.playground.rank(
      { ...asked, systems: ['fused'], blend: { bm25: bm25.share, normalisation: bm25.normalisation } },
      { signal },
    ))
  const hitsOf = (system: PlaygroundSystem, { columns } = result) =>
    columns.find((column) => column.system === system)?.hits.map(({ grade: _, ...hit }) => hit) ?? null
  return {
    run,
    dataset: result.dataset,
    query,
    card: result.card?.text ?? null,
    examples: result.card?.examples ?? 0,
    handedOut: result.columns.find(({ system }) => system === 'this card')?.handed?.why ?? null,
    frozen: hitsOf('frozen') ?? [],
    bm25,
    conditioned: beside ? hitsOf('fused', beside) : hitsOf('this card'),
    experts: result.experts,
    milliseconds: result.milliseconds,
  }
}
