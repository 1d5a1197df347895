import type { z } from 'zod'
import { DEFAULT_ENCODER } from '../../../shared/default-encoder'
import { HydraError } from '../../../shared/errors'
import type { CardChoice } from '../../../shared/schemas/card'
import type { PlaygroundRequest } from '../../../shared/schemas/playground'
import type {
  CompiledCard,
  CompileSpec,
  compileRequestSchema,
  searchAnswerSchema,
  searchRequestSchema,
} from '../../../shared/serving/api-schemas'
import { expertFit } from '../../engine/hypernet/experts/expert-fit'
import { readRun } from '../../workspace/runs/run-folder'
import { requireDataset } from '../require-dataset'
import type { ServiceContext } from '../service-context'
import { askSearch, type SearchAnswer } from './ask-search'
import { type EmbeddingRequest, type Embeddings, openEmbeddingBatches } from './embedding-batches'
import { openNamedCards } from './named-cards'

/** What a service answers with. */
export interface ServedOptions {
  /** Whose network compiles cards; null: the frozen encoder alone. */
  readonly run: string | null
  /** The run's own unless said. */
  readonly encoder?: string
  /** Of cards that are no task's, where the request says nothing. */
  readonly collection?: string
  /** Told of each call of the encoder. */
  readonly onCall?: Parameters<typeof openEmbeddingBatches>[0]['onCall']
}

/** Cards compiled, texts embedded, collections searched: what `hydra serve --api` offers, whatever carries it. */
export interface Serving {
  readonly run: string | null
  readonly encoder: string
  /**
   * Opens encoder, network and the collection of cards that are no task's, so that nobody waits for it.
   * @throws what is wrong with them
   */
  warm(): Promise<void>
  compile(
    request: z.output<typeof compileRequestSchema>,
    signal?: AbortSignal,
  ): Promise<CompiledCard & { readonly model: string }>
  /** @param request.model a card, or the encoder's name  @param request.role as the model has it unless said */
  embed(
    request: {
      readonly model: string
      readonly texts: readonly string[]
      readonly role?: EmbeddingRequest['role']
      readonly whole?: boolean
    },
    signal?: AbortSignal,
  ): Promise<Embeddings & Pick<EmbeddingRequest, 'role'>>
  search(
    request: z.output<typeof searchRequestSchema>,
    signal?: AbortSignal,
  ): Promise<z.output<typeof searchAnswerSchema>>
  /** The encoder's name, then those of cards. */
  models(): Promise<string[]>
  /** Texts that wait for the encoder, or are in it. */
  readonly texts: { readonly waiting: number; readonly called: number }
}

/** What is embedded and compiled before anybody asks. */
const WARMING = 'find what answers the question'

/** The session's operations, by which everything heavy leaves this process. */
type Session = Pick<ServiceContext['session'], 'request'>

export async function openServing(
  { workspace, session }: Pick<ServiceContext, 'workspace'> & { readonly session: Session },
  options: ServedOptions,
): Promise<Serving> {
  const { run: id, onCall } = options
  const run = id === null ? null : await readRun(workspace, id)
  const collection = options.collection ?? (run?.datasets.length === 1 ? run.datasets[0].id : undefined)
  if (options.collection !== undefined) await requireDataset(workspace, options.collection)
  const encoder = encoderOf(run, options.encoder)
  const cards = openNamedCards({ workspace, run, encoder, collection })
  const batches = openEmbeddingBatches({
    encoder,
    call: (input) => session.request('embed-texts', input),
    onCall,
  })

  return {
    run: id,
    encoder,
    models: async () => [encoder, ...(await cards.list())],
    get texts() {
      return batches.texts
    },

    async warm() {
      await batches.embed({ card: null, role: 'query', texts: [WARMING], whole: false })
      if (id === null || collection === undefined) return
      const spec: CompileSpec = { card: { describe: WARMING }, collection, handOut: 'rule' }
      await session.request('compile-card', { run: id, spec })
    },

    async compile({ replace, ...asked }, signal) {
      const own = requireRun(id)
      const spec = withCollection(asked, collection)
      const name = nameOf(spec.card)
      // Before anything is computed, where the card says its name itself.
      const claimed = name && (await cards.claim(name, spec, replace))
      const compiled = await session.request('compile-card', { run: own, spec }, signal)
      const model = name ?? compiled.card
      const give = claimed || (await cards.claim(model, spec, replace))
      give()
      return { ...compiled, model }
    },

    async embed({ model, texts, role, whole = false }, signal) {
      const isFrozen = model === encoder
      const card = isFrozen ? null : { run: requireRun(id), spec: await cards.find(model) }
      // An index is made with the frozen encoder, and asked through a card.
      const as = role ?? (isFrozen ? 'document' : 'query')
      return { ...(await batches.embed({ card, role: as, texts, whole }, signal)), role: as }
    },

    async search({ collection: searched, query, model, card, handOut, k }, signal) {
      const { id: dataset } = await requireDataset(workspace, searched)
      const spec = model === undefined || model === encoder ? null : await cards.find(model)
      const choice = spec?.card ?? card
      const asked = {
        run: choice ? requireRun(id) : (id ?? 'frozen'),
        query,
        choice,
        dataset,
        handOut: spec?.handOut ?? handOut,
        k,
      }
      const rank = (request: PlaygroundRequest) => session.request('playground-rank', request, signal)
      const answer = await askSearch(rank, asked)
      const { handedOut, bm25, experts, frozen, conditioned } = answer
      return {
        collection: dataset,
        answeredBy: isByCard(answer) ? 'card' : 'frozen',
        handedOut,
        bm25,
        experts,
        hits: [...(conditioned ?? frozen)],
      }
    },
  }
}

/** Whether anything of the card is in the ranking. */
function isByCard({ head, experts }: SearchAnswer): boolean {
  return head !== null && head !== 'frozen' && expertFit(experts) > 0
}

/** What a card says its name is; a bare description is named by the engine. */
function nameOf(choice: CardChoice): string | null {
  return 'card' in choice ? choice.card.id : 'task' in choice ? choice.task : null
}

/** A task's corpus is its own. */
function withCollection(spec: CompileSpec, collection: string | undefined): CompileSpec {
  return 'task' in spec.card || spec.collection !== undefined ? spec : { ...spec, collection }
}

function encoderOf(run: Awaited<ReturnType<typeof readRun>> | null, asked: string | undefined): string {
  const own = run?.request.encoder
  if (own === undefined) return asked ?? DEFAULT_ENCODER
  if (asked === undefined || asked === own) return own
  throw new HydraError('USAGE', {
    expected: `${own}, the encoder of ${run?.id}`,
    got: asked,
    remedy: 'Serve another run, or leave the encoder out.',
    command: 'hydra serve --api --run RUN',
  })
}

function requireRun(run: string | null): string {
  if (run !== null) return run
  throw new HydraError('USAGE', {
    expected: 'a service with a run, whose network compiles cards',
    got: 'one of the frozen encoder alone',
    remedy: 'Start it with a run.',
    command: 'hydra serve --api --run RUN',
  })
}
