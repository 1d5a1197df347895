import { nearestCardsRequestSchema, nearestCardsSchema } from '../../../shared/schemas/authoring'
import type { TaskCard } from '../../../shared/schemas/card'
import { showCard } from '../../engine/evaluation/shown-card'
import { type CardVectors, descriptionOnly } from '../../engine/hypernet/card-vectors'
import { cardNearness, type TrainedDirections, trainedDirections } from '../../engine/hypernet/nearest-cards'
import { row } from '../../engine/numeric/matrix'
import type { EncodedTask } from '../../engine/preferences/encoded-collection'
import { cardMeans } from '../../engine/training/checkpoint'
import { loadRunTasks } from '../datasets/load-run-tasks'
import { encodeTasks } from '../encoding/encode-tasks'
import { defineOperation, type OperationContext } from '../operation'
import { chosenCard, encodeCard } from '../playground/card-choice'
import type { WarmNetwork } from '../playground/warm-engine'

/** The trained cards of a run on one dataset, as its network was told of them. */
export interface TrainedCards {
  readonly tasks: readonly { readonly id: string; readonly name: string }[]
  readonly made: TrainedDirections
}

/**
 * Which trained cards a card is nearest to, by the cosine of what the network is told of each; and whether it is as near to
 * them as they are to each other. Each trained card counts with all of its wordings, of which training drew one a step, and
 * shows as many examples as the card does.
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
    const { tasks, made } = await warm.trainedCards(name, () =>
      readTrainedCards(trained, { dataset, examples }, context),
    )
    const self = 'task' in choice ? tasks.findIndex(({ id }) => id === choice.task) : -1
    const vectors = await encodeCard(card, checkpoint, corpus, encoder)
    const { cosines, p } = cardNearness(vectors, made, self)
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
  { dataset, examples }: { readonly dataset: string; readonly examples: number },
  context: OperationContext,
): Promise<TrainedCards> {
  const encoder = await context.warm.encoder(checkpoint.encoder, context)
  const { seen } = await loadRunTasks(run, context, context.warm.collection)
  const own = seen.filter((task) => task.collection.id === dataset)
  const { conditioning } = checkpoint.description
  const { tasks } = await encodeTasks(
    { tasks: own, trained: own, encoder, splits: ['train'], conditioning },
    context,
  )
  const means = cardMeans(checkpoint, dataset)
  const wordingsOf = (task: EncodedTask): CardVectors[] => {
    const { vectors } = showCard(task, examples, run.request.seed, checkpoint.feedbackWeight)
    return Array.from({ length: task.wordings.rows }, (_, i) => {
      const description = row(task.wordings, i)
      return examples > 0
        ? { ...vectors, description }
        : descriptionOnly(description, row(task.wordingsNearest, i), means, checkpoint.feedbackWeight)
    })
  }
  return {
    tasks: own.map(({ id, card }) => ({ id, name: card.name })),
    made: await trainedDirections(tasks.map(wordingsOf), means, conditioning),
  }
}

/** Where the middle eight tenths of them lie. */
function usualOf(usual: Float32Array): { low: number; median: number; high: number } {
  const sorted = usual.slice().sort()
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]
  return { low: at(0.1), median: at(0.5), high: at(0.9) }
}
