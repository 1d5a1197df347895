import { HydraError } from '../../../shared/errors'
import { nearestCardsRequestSchema, nearestCardsSchema } from '../../../shared/schemas/authoring'
import type { TaskCard } from '../../../shared/schemas/card'
import type { RunRecord } from '../../../shared/schemas/run'
import { familyOf } from '../../engine/datasets/family-of'
import type { Encoder } from '../../engine/encoders/encoder'
import { type TrainedPlain, trainedPlain } from '../../engine/evaluation/forecast/forecast-features'
import { trainedWordings } from '../../engine/evaluation/forecast/trained-cards'
import { cardNearness, type TrainedDirections, trainedDirections } from '../../engine/hypernet/nearest-cards'
import { cardMeans } from '../../engine/training/checkpoint'
import { loadRunTasks } from '../datasets/load-run-tasks'
import { encodeTasks } from '../encoding/encode-tasks'
import { defineOperation, type OperationContext } from '../operation'
import { chosenCard, encodeCard } from '../playground/card-choice'
import type { WarmNetwork } from '../playground/warm-engine'
import { cardForecast } from './card-forecast'

/** The trained cards of a run on one dataset, as its network was told of them. */
export interface TrainedCards {
  readonly tasks: readonly { readonly id: string; readonly name: string }[]
  readonly made: TrainedDirections
  /** What a forecast holds a card against. */
  readonly plain: TrainedPlain
  /** Trained cards by family. */
  readonly families: ReadonlyMap<string, number>
}

/**
 * Which trained cards a card is nearest to, by the cosine of what the network is told of each; and whether it is as near to
 * them as they are to each other. Each trained card counts with all of its wordings, of which training drew one a step, and
 * shows as many examples as the card does. And what lead over the frozen encoder left-out cards of the run let expect of it.
 */
export const nearestCards = defineOperation({
  name: 'nearest-cards',
  input: nearestCardsRequestSchema,
  output: nearestCardsSchema,
  session: true,
  async run({ run, dataset, choice, most }, context) {
    const { warm } = context
    const trained = await warm.network(run, context)
    const { checkpoint } = trained
    const encoder = await warm.encoder(checkpoint.encoder, context)
    const corpus = await warm.corpus(dataset, trained.run.request.seed, encoder, context)
    const card: TaskCard = chosenCard(choice, corpus.encoded.collection)
    const examples = card.examples.length
    const name = `${context.workspace}/${run}/${dataset}/${examples}`
    const trainedCards = await warm.trainedCards(context, name, (opening) =>
      readTrainedCards(trained, { dataset, examples, encoder }, { ...context, ...opening }),
    )
    const { tasks, made } = trainedCards
    const self = 'task' in choice ? tasks.findIndex(({ id }) => id === choice.task) : -1
    const vectors = await encodeCard(card, checkpoint, corpus, encoder)
    const { cosines, p } = cardNearness(vectors, made, self)
    const task = 'task' in choice ? choice.task : undefined
    const forecast = await cardForecast(
      { run: trained.run, task, vectors, examples, corpus, trained: trainedCards },
      context,
    )
    return {
      nearest: tasks
        .map(({ id, name }, i) => ({ task: id, name, cosine: cosines[i] }))
        .filter(({ cosine }) => Number.isFinite(cosine))
        .sort((a, b) => b.cosine - a.cosine)
        .slice(0, most),
      trained: tasks.length,
      examples,
      usual: tasks.length < 2 ? null : usualOf(made.usual),
      p,
      forecast,
    }
  },
})

declare module '../operation' {
  interface Operations {
    'nearest-cards': typeof nearestCards
  }
}

async function readTrainedCards(
  { run, checkpoint }: WarmNetwork,
  options: { readonly dataset: string; readonly examples: number; readonly encoder: Encoder },
  context: OperationContext,
): Promise<TrainedCards> {
  const { dataset, examples, encoder } = options
  const { seen } = await loadRunTasks(run, context, context.warm.collection)
  const { conditioning } = checkpoint.description
  // Cards that know their corpus are all centred on the same, so those of other corpora compare with this one.
  const knowsCorpus = conditioning.includes('corpus')
  const own = seen.filter((task) => knowsCorpus || task.collection.id === dataset)
  if (own.length === 0) throw noTrainedCards(dataset, run)
  const { tasks } = await encodeTasks(
    { tasks: own, trained: own, encoder, splits: ['train'], conditioning },
    context,
  )
  const means = cardMeans(checkpoint, tasks[0].encoded)
  const { feedbackWeight } = checkpoint
  const { seed } = run.request
  const wordings = tasks.map((task) => trainedWordings(task, examples, means, { seed, feedbackWeight }))
  const families = new Map<string, number>()
  for (const { collection } of seen) {
    const family = familyOf(collection)
    families.set(family, (families.get(family) ?? 0) + 1)
  }
  return {
    tasks: own.map(({ id, card }) => ({ id, name: card.name })),
    made: await trainedDirections(wordings, means, conditioning),
    plain: trainedPlain(tasks, { examples, means, parts: conditioning, seed, feedbackWeight }),
    families,
  }
}

function noTrainedCards(dataset: string, run: RunRecord): HydraError {
  return new HydraError('DATASET_UNKNOWN', {
    expected: `a dataset of which ${run.id} trained a card`,
    got: dataset,
    remedy: 'Choose a task that it trained, or look at the card alone.',
  })
}

/** Where the middle eight tenths of them lie. */
function usualOf(usual: Float32Array): { low: number; median: number; high: number } {
  const sorted = usual.slice().sort()
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]
  return { low: at(0.1), median: at(0.5), high: at(0.9) }
}
