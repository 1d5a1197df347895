import type { Recipe, RunRecord } from '../../../shared/run'
import { findPreset } from '../../engine/training/recipes'
import type { OperationContext } from '../operation'
import { taskQueue } from '../task-queue'

/** Share of the steps that a trial has: enough to tell the settings apart. */
const TRIAL_SHARE = 0.25
const TRIALS_AT_ONCE = 2

export interface ChosenRecipe {
  readonly recipe: Recipe
  /** What was tried and what came of it, in words; null: there was nothing to choose. */
  readonly note: string | null
}

/**
 * Where a preset leaves settings to dev, each is trained for a quarter of the steps and the best dev measure wins; of equal
 * ones the first. What a person set by hand is not tried.
 */
export async function chooseRecipe(
  run: RunRecord,
  recipe: Recipe,
  context: OperationContext,
): Promise<ChosenRecipe> {
  const { preset = 'recommended', overrides = {} } = run.request
  const trials = findPreset(preset).trials?.(run.seen.length) ?? []
  const settled = trials.length === 0 || Object.keys(overrides).some((name) => name in trials[0])
  if (settled) return { recipe, note: null }
  const steps = Math.max(1, Math.floor(recipe.steps * TRIAL_SHARE))
  const short = {
    steps,
    devEvery: Math.max(1, Math.floor(steps / 4)),
    warmupSteps: Math.min(recipe.warmupSteps, Math.floor(steps / 4)),
  }
  const next = taskQueue(TRIALS_AT_ONCE)
  const outcomes = await Promise.all(
    trials.map((trial) =>
      next(() => context.fork('train-trial', { run: run.id, recipe: { ...recipe, ...trial, ...short } })),
    ),
  )
  const best = outcomes.reduce((kept, { dev }, i) => (dev > outcomes[kept].dev ? i : kept), 0)
  const tried = trials.map((trial, i) => `${inWords(trial)}: ${outcomes[i].dev.toFixed(4)}`).join('; ')
  return {
    recipe: { ...recipe, ...trials[best] },
    note: `Chosen by ${outcomes[best].measure} after ${steps} steps: ${inWords(trials[best])} (${tried}).`,
  }
}

function inWords(trial: Partial<Recipe>): string {
  return Object.entries(trial)
    .map(([name, value]) => `${name} ${JSON.stringify(value)}`)
    .join(', ')
}
