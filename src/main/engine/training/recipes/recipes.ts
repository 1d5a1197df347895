import { HydraError } from '../../../../shared/errors'
import { type Recipe, USUAL_PARTS } from '../../../../shared/schemas/run'
import { USUAL_GENERATION } from '../../../../shared/schemas/runs/generation'
import {
  ORIGINAL_CORRECTIONS,
  ORIGINAL_FILM_CORRECTIONS,
  originalFilmRecipe,
  originalRecipe,
} from './original-recipes'
import { overrideRecipe, type RecipeOverrides } from './override-recipe'

export interface Preset {
  readonly name: string
  readonly title: string
  readonly summary: string
  /** @param tasks number of tasks that are trained */
  recipe(tasks: number): Recipe
  /** What else a run of it must say. */
  readonly notes?: readonly string[]
}

/** From this many trained tasks on, an unseen card does better than the control it starts from (docs/method.md#limits). */
export const MANY_TASKS = 40

const shared = {
  generator: { name: 'basis', options: {} },
  head: { name: 'residual', options: {} },
  side: 'query',
  losses: [{ name: 'listwise', options: {}, weight: 1 }],
  teacher: { name: 'judgments', options: {} },
  sampler: { name: 'uniform', options: {} },
  conditioning: [...USUAL_PARTS],
  nullCards: { share: 0, penalty: 5 },
  wrongCards: { share: 0, margin: 0.1, weight: 0.5 },
  cardNoise: 0,
  cardDropout: 0,
  clipNorm: null,
  patience: null,
  basis: 32,
  rank: 8,
  hidden: 128,
  tasksPerStep: 16,
  queriesPerStep: 128,
  corporaPerStep: 1,
  teacherGate: true,
  queries: 'judged',
  pseudoQueries: 1000,
  generated: USUAL_GENERATION,
  temperature: 0.05,
  learningRate: 1e-3,
  weightDecay: 0.01,
  warmupSteps: 50,
} satisfies Partial<Recipe>

/**
 * The prototype's *any card* recipe with three changes (docs/method.md#recipes), each chosen on hold-outs of other seeds: a
 * light identity penalty (helps cards with examples), pseudo-relevance feedback for cards without, and half the steps (more
 * only fit the trained tasks).
 */
function manyTasks(steps: number): Recipe {
  return {
    ...shared,
    basis: 16,
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

/**
 * Few tasks with many judgments (docs/method.md#network): started at frozen and held near it, the bias from the MLP, twice
 * the basis. On four collections' dev queries it ends at .659 where the linear maps end at .650: with few tasks there is
 * nothing for maps to carry over, and the examples that they read are noise. After a quarter of the steps the maps still
 * lead, so a short trial would choose them: this was settled at full length.
 */
function fewTasks(steps: number): Recipe {
  return {
    ...shared,
    generator: { name: 'basis', options: { skip: false } },
    basis: 64,
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

/**
 * Many corpora of a kind, of which others will come without a judgment (docs/method.md#recipes): what a card says is its
 * description and its corpus, and a full map that all cards share does most of the work. Started at frozen and held near it.
 */
function manyCorpora(steps: number): Recipe {
  return {
    ...shared,
    head: { name: 'full', options: {} },
    conditioning: ['description', 'corpus'],
    basis: 16,
    documentGain: 0,
    descriptionGain: 0,
    identityPenalty: 0.5,
    feedbackWeight: 0,
    candidates: 50_000,
    weightDecay: 0,
    corporaPerStep: 8,
    tasksPerStep: 8,
    steps,
    minExamples: 0,
    maxExamples: 0,
    descriptionOnly: 1,
    devEvery: Math.max(1, Math.min(200, Math.floor(steps / 4))),
    keep: 'last',
  }
}

/** `corpora` with an expert a family: what is learned of one kind neither helps nor harms another (docs/method.md#experts-behind-a-card). */
function experts(steps: number): Recipe {
  return { ...manyCorpora(steps), generator: { name: 'experts', options: {} } }
}

export const PRESETS: readonly Preset[] = [
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
  {
    name: 'corpora',
    title: 'Many corpora',
    summary:
      'For families of corpora: 800 steps over eight corpora each, cards of a description and the mean of their corpus.',
    recipe: () => manyCorpora(800),
  },
  {
    name: 'experts',
    title: 'Experts',
    summary:
      'For families of corpora beside other collections: an expert each, chosen by how near a card is to the trained ones; the frozen encoder where none fits.',
    recipe: () => experts(800),
  },
  {
    name: 'original',
    title: 'The original Hydra',
    summary:
      'BM25, dense and cross-encoder fused, preference pairs, a projection head from a direct generator; its faults corrected.',
    recipe: originalRecipe,
    notes: ORIGINAL_CORRECTIONS,
  },
  {
    name: 'original-film',
    title: 'The original Hydra, FiLM',
    summary: 'Its later branch: a FiLM head, and wrong cards that must do worse. No published gain.',
    recipe: originalFilmRecipe,
    notes: ORIGINAL_FILM_CORRECTIONS,
  },
]

/** @internal */
export function presetNames(): string[] {
  return PRESETS.map(({ name }) => name)
}

/** A preset's recipe for this number of trained tasks; `steps` first, then what else is said otherwise. */
export function resolveRecipe(
  preset: string,
  tasks: number,
  steps?: number,
  overrides: RecipeOverrides = {},
): Recipe {
  // Warm-up and dev measurements are fitted to the steps, wherever these are said; what is wrong with them is said below.
  const length = typeof overrides.steps === 'number' ? Math.max(1, overrides.steps) : steps
  return overrideRecipe(presetRecipe(preset, tasks, length), overrides)
}

export function findPreset(preset: string): Preset {
  const found = PRESETS.find(({ name }) => name === preset)
  if (found) return found
  throw new HydraError('OPTION_UNKNOWN', {
    expected: `a preset: ${presetNames().join(', ')}`,
    got: preset,
    remedy: 'Choose one of these.',
    command: 'hydra list preset',
  })
}

function presetRecipe(preset: string, tasks: number, steps?: number): Recipe {
  const recipe = findPreset(preset).recipe(tasks)
  if (steps === undefined) return recipe
  const devEvery = Math.max(1, Math.min(recipe.devEvery, Math.floor(steps / 4)))
  return { ...recipe, steps, devEvery, warmupSteps: Math.min(recipe.warmupSteps, Math.floor(steps / 4)) }
}
