import type { Recipe } from '../../../shared/schemas/run'
import { expertsOf, SHARED_EXPERT } from '../hypernet/experts/expert-plan'
import { experts as generator } from '../hypernet/generators/experts'
import type { RandomStream } from '../numeric/random'
import type { EncodedTask } from '../preferences/encoded-collection'
import { parseOptions } from '../registry/registry'
import { type FittedExperts, fitExperts } from './fit-experts'
import type { StepBatch } from './step-sampler'

interface ExpertTraining extends FittedExperts {
  /** The batch with the one expert that each card of it trains. */
  route(batch: StepBatch, random: RandomStream): StepBatch
}

/**
 * Each expert learns from its own cards alone, as if it were a network of its own; a share of the cards train the shared one
 * instead. Gates are no part of a step: they were fitted before.
 */
export function expertTraining(training: {
  readonly tasks: readonly EncodedTask[]
  readonly descriptionMean: Float32Array
  readonly recipe: Recipe
  readonly seed: number
}): ExpertTraining {
  const { tasks, descriptionMean, recipe, seed } = training
  const options = parseOptions('generator', generator, recipe.generator.options)
  const { conditioning, feedbackWeight } = recipe
  const fitted = fitExperts(tasks, { descriptionMean, conditioning, feedbackWeight, options, seed })
  const { names, of } = fitted.plan
  const own = new Map(tasks.map(({ task }, i) => [task.id, names[of[i]]]))
  const shared = expertsOf(fitted.plan).find(({ name }) => fitted.plan.shared && name === SHARED_EXPERT)
  const sharing = new Set(shared?.members.map((card) => tasks[card].task.id))
  return {
    ...fitted,
    route: (batch, random) => ({
      ...batch,
      cards: batch.cards.map((card, t) => {
        const task = batch.tasks[t]
        const shares = sharing.has(task) && random.next() < options.sharedShare
        return { ...card, expert: shares ? SHARED_EXPERT : own.get(task) }
      }),
    }),
  }
}
