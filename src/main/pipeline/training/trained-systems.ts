import { z } from 'zod'
import type { Recipe } from '../../../shared/schemas/run'
import { NETWORK_SYSTEMS, type NetworkSystem } from '../../engine/evaluation/network-systems'
import { MANY_TASKS } from '../../engine/training/recipes/recipes'

/** One network to train: of `static` one for each task. */
export const trainedSystemSchema = z.strictObject({
  row: z.enum(NETWORK_SYSTEMS),
  /** The one task that it is trained on; null: all trained tasks. */
  task: z.string().nullable(),
})
export type TrainedSystem = z.infer<typeof trainedSystemSchema>

/** The one that reads cards, and the same network without. */
export const TASK_CARD: TrainedSystem = { row: 'task card', task: null }
export const NO_CARD: TrainedSystem = { row: 'no card', task: null }

/** As it is called in events and run.json: `task card`, `static scifact`. */
export function trainedName({ row, task }: TrainedSystem): string {
  return task === null ? row : `${row} ${task}`
}

/** What its files in the run's folder are called. */
export function checkpointName(system: TrainedSystem): string {
  return trainedName(system).replace(/[ /]/g, '-')
}

const FEW_TASKS_ROWS: readonly string[] = ['task card', 'task id', 'no card', 'static']

/** Rows that are made of a network which was not asked for by its own row. */
const NEEDS: Partial<Record<NetworkSystem, readonly string[]>> = {
  'task card': ['wrong card', 'own family', 'nearest expert', 'handed out'],
  'no card': ['handed out'],
}

/** More heads of their own than this cost more than they tell. */
const MOST_STATIC_HEADS = 20

/**
 * What a run trains: with few tasks the card, the control without it, an id in its place, and a head for each task; with many
 * the card and the control that isolates it, since a head or a number for each of hundreds of tasks says nothing about
 * unseen ones. Beside experts the network that is pooled over their families. `--rows` settles it otherwise.
 */
export function trainedSystems(
  rows: readonly string[],
  seen: readonly string[],
  recipe: Pick<Recipe, 'generator'> | null,
): TrainedSystem[] {
  const many = seen.length >= MANY_TASKS
  const pooled = recipe?.generator.name === 'experts'
  const usual: readonly string[] = [
    ...(many ? ['task card', 'no card'] : FEW_TASKS_ROWS),
    ...(pooled ? ['pooled card'] : []),
  ]
  const wanted = (row: NetworkSystem) =>
    rows.length === 0
      ? usual.includes(row)
      : row === 'pooled card'
        ? pooled && rows.includes(row)
        : rows.includes(row) || (NEEDS[row] ?? []).some((needed) => rows.includes(needed))
  // The row that the run is for comes first: its progress is the run's.
  const ordered = [...NETWORK_SYSTEMS].reverse().filter(wanted)
  return ordered.flatMap((row): TrainedSystem[] => {
    if (row !== 'static') return [{ row, task: null }]
    if (rows.length === 0 && seen.length > MOST_STATIC_HEADS) return []
    return seen.map((task) => ({ row, task }))
  })
}

/**
 * The recipe of one system: the same network, steps and penalties, but for what the row is there to change. Beside experts stands
 * what they are an alternative to: one network for all families, `pooled card` with cards and `no card` without.
 */
export function systemRecipe(recipe: Recipe, { row, task }: TrainedSystem, tasks: number): Recipe {
  if (row === 'task id') return { ...recipe, generator: { name: 'task-id', options: {} } }
  if (row === 'bias only') {
    return { ...recipe, generator: { name: 'bias', options: {} }, head: { name: 'bias', options: {} } }
  }
  const pooled: Recipe =
    recipe.generator.name === 'experts' && row !== 'task card'
      ? { ...recipe, generator: { name: 'basis', options: {} } }
      : recipe
  if (task === null) return pooled
  // Together the heads of `static` are trained for as many steps as the one network for all.
  const steps = Math.max(1, Math.ceil(recipe.steps / tasks))
  return {
    ...pooled,
    steps,
    devEvery: Math.max(1, Math.min(recipe.devEvery, Math.floor(steps / 4))),
    warmupSteps: Math.min(recipe.warmupSteps, Math.floor(steps / 4)),
  }
}
