import { HydraError } from '../../../shared/errors'
import type { Recipe } from '../../../shared/run'

interface Preset {
  readonly name: string
  readonly title: string
  readonly summary: string
  /** @param tasks number of tasks that are trained */
  recipe(tasks: number): Recipe
}

/** From this many trained tasks on, an unseen card does better than the control it starts from (METHOD 1b's curve). */
export const MANY_TASKS = 40

const shared = {
  basis: 32,
  rank: 8,
  hidden: 128,
  tasksPerStep: 16,
  queriesPerStep: 128,
  temperature: 0.05,
  learningRate: 1e-3,
  weightDecay: 0.01,
  warmupSteps: 50,
} as const

/**
 * METHOD 1b's *any card* recipe with three changes, each chosen on hold-outs of other seeds: a light identity penalty (helps
 * cards with examples), pseudo-relevance feedback for cards without, and half the steps (more only fit the trained tasks).
 */
function manyTasks(steps: number): Recipe {
  return {
    ...shared,
    documentGain: 2,
    descriptionGain: 0.5,
    identityPenalty: 0.3,
    candidates: 3000,
    feedbackWeight: 0.5,
    steps,
    minExamples: 1,
    maxExamples: 16,
    descriptionOnly: 0.4,
    devEvery: Math.max(1, Math.min(200, Math.floor(steps / 4))),
    keep: 'last',
  }
}

/** Few tasks with many judgments: the same network started at frozen and held near it (METHOD 1c: one architecture serves both). */
function fewTasks(steps: number): Recipe {
  return {
    ...shared,
    documentGain: 0,
    descriptionGain: 0,
    identityPenalty: 1,
    feedbackWeight: 0,
    candidates: 50_000,
    steps,
    minExamples: 3,
    maxExamples: 16,
    descriptionOnly: 0,
    devEvery: Math.max(1, Math.min(100, Math.floor(steps / 8))),
    keep: 'best',
  }
}

const PRESETS: readonly Preset[] = [
  {
    name: 'recommended',
    title: 'Recommended',
    summary: 'The full recipe: 800 steps for many tasks, 1,600 for few.',
    recipe: (tasks) => (tasks >= MANY_TASKS ? manyTasks(800) : fewTasks(1600)),
  },
  {
    name: 'quick',
    title: 'Quick',
    summary: 'A quarter of the steps: to see that it learns.',
    recipe: (tasks) => (tasks >= MANY_TASKS ? manyTasks(200) : fewTasks(400)),
  },
]

export function presetNames(): string[] {
  return PRESETS.map(({ name }) => name)
}

export function resolveRecipe(preset: string, tasks: number, steps?: number): Recipe {
  const found = PRESETS.find(({ name }) => name === preset)
  if (!found) {
    throw new HydraError('OPTION_UNKNOWN', {
      expected: `a preset: ${presetNames().join(', ')}`,
      got: preset,
      remedy: 'Name one of these with --preset.',
    })
  }
  const recipe = found.recipe(tasks)
  if (steps === undefined) return recipe
  const devEvery = Math.max(1, Math.min(recipe.devEvery, Math.floor(steps / 4)))
  return { ...recipe, steps, devEvery, warmupSteps: Math.min(recipe.warmupSteps, Math.floor(steps / 4)) }
}
