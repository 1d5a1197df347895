import type { TaskCard } from '../../../../shared/schemas/card'
import type { ConditioningPart } from '../../../../shared/schemas/run'
import { CARD_PARTS, type VariantSet } from '../../../../shared/tables/variant-words'
import type { Task } from '../../datasets/collection'
import type { CardMeans, CardVectors } from '../../hypernet/card-vectors'
import { meanRow } from '../../numeric/matrix'
import { randomStream } from '../../numeric/random'
import type { EncodedTask } from '../../preferences/encoded-collection'
import { type ShownCard, showCard } from '../shown-card'
import { shuffledWords, withTypos } from './perturbed-text'

/** A task's card said or made otherwise. Several of one name are one variant, whose scores are their mean. */
export interface CardVariant {
  readonly name: string
  vectors(means: CardMeans): CardVectors
}

/** A variant whose words have to be encoded: the task with another card. */
export interface RewordedTask {
  readonly name: string
  readonly task: Task
}

/** Cards that chance has a part in are the mean of so many. */
const DRAWS = 3
/** Share of the longer words that have a typo. */
const TYPOS = [0.1, 0.3] as const

/** The variants of a card that differ in their words; wordings that its dataset brings are those that training drew from. */
export function rewordedTasks(
  task: Task,
  set: VariantSet,
  { conditioning, seed }: { readonly conditioning: readonly ConditioningPart[]; readonly seed: number },
): RewordedTask[] {
  const { card } = task
  const reads = (part: ConditioningPart) => conditioning.includes(part)
  const changed = (name: string, change: Partial<TaskCard>): RewordedTask => ({
    name,
    task: { ...task, card: { ...card, wordings: undefined, ...change } },
  })
  if (set === 'attribution') {
    return [
      ...(card.domain && reads('domain') ? [changed(CARD_PARTS.domain, { domain: undefined })] : []),
      ...(card.queryType && reads('query type')
        ? [changed(CARD_PARTS.queryType, { queryType: undefined })]
        : []),
    ]
  }
  if (!reads('description')) return []
  const { description } = card
  const drawn = (name: string, change: (random: ReturnType<typeof randomStream>) => string) =>
    Array.from({ length: DRAWS }, (_, i) =>
      changed(name, { description: change(randomStream(seed, `${name}/${task.id}/${i}`)) }),
    ).filter((one) => one.task.card.description !== description)
  return [
    ...(card.wordings ?? [])
      .filter((wording) => wording !== description)
      .map((wording) => changed('another wording', { description: wording })),
    ...drawn('words shuffled', (random) => shuffledWords(description, random)),
    ...TYPOS.flatMap((share) =>
      drawn(`typos in ${100 * share} % of the words`, (random) => withTypos(description, share, random)),
    ),
  ]
}

/** What is left out stands at its mean, as in training; a card that loses all of its examples is one of description alone. */
export function partsLeftOut(
  task: EncodedTask,
  shown: ShownCard,
  options: {
    readonly conditioning: readonly ConditioningPart[]
    readonly seed: number
    readonly feedbackWeight: number
  },
): CardVariant[] {
  const { conditioning, seed, feedbackWeight } = options
  const { vectors, examples } = shown
  const { encoded } = task
  const reads = (...parts: ConditioningPart[]) => parts.some((part) => conditioning.includes(part))
  const variants: CardVariant[] = []
  if (reads('description')) {
    // Feedback comes from the description's nearest documents, and goes with it.
    const rest = examples === 0 ? { documents: encoded.documentMean } : {}
    variants.push({
      name: CARD_PARTS.description,
      vectors: ({ description }) => ({ ...vectors, ...rest, description }),
    })
  }
  if (reads('corpus'))
    variants.push({
      name: CARD_PARTS.corpus,
      vectors: ({ documents: corpus }) => ({
        ...vectors,
        ...(examples === 0 ? { documents: corpus } : {}),
        corpus,
      }),
    })
  if (examples > 0 && reads('queries', 'documents', 'difference')) {
    const without = showCard(task, 0, seed, feedbackWeight).vectors
    variants.push({ name: CARD_PARTS.examples, vectors: () => without })
    if (examples > 1)
      for (let left = 0; left < examples; left++) {
        const but = (rows: readonly number[]) => rows.filter((_, i) => i !== left)
        const rest = {
          ...vectors,
          queries: meanRow(encoded.queries, but(shown.queries)),
          documents: meanRow(encoded.documents, but(shown.documents)),
        }
        variants.push({ name: CARD_PARTS.example, vectors: () => rest })
      }
  }
  return variants
}
