import { type CardMeans, type CardVectors, descriptionOnly } from '../../hypernet/card-vectors'
import { row } from '../../numeric/matrix'
import type { EncodedTask } from '../../preferences/encoded-collection'
import { showCard } from '../shown-card'

/** Every way to say a trained card, itself first, with so many examples on it. */
export function trainedWordings(
  task: EncodedTask,
  examples: number,
  means: CardMeans,
  { seed, feedbackWeight }: { readonly seed: number; readonly feedbackWeight: number },
): CardVectors[] {
  const { vectors } = showCard(task, examples, seed, feedbackWeight)
  return Array.from({ length: task.wordings.rows }, (_, i) => {
    const description = row(task.wordings, i)
    return examples > 0
      ? { ...vectors, description }
      : descriptionOnly(
          description,
          row(task.wordingsNearest, i),
          { queries: means.queries, documents: task.encoded.documentMean },
          feedbackWeight,
        )
  })
}
