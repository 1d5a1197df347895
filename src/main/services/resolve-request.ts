import type { Recipe } from '../../shared/schemas/run'
import type { RecipeOverrides } from '../engine/training/recipes/override-recipe'

/** What of a request decides its recipe. */
export interface RecipeRequest {
  readonly preset: string
  readonly steps?: number
  readonly overrides?: RecipeOverrides
}

/**
 * The recipe of a request, with every variant and option looked up, or the error that says what exists.
 * @param tasks number of trained tasks  @param dimensions d of the encoder
 */
export async function resolveRequest(
  { preset, steps, overrides }: RecipeRequest,
  tasks: number,
  dimensions: number,
): Promise<Recipe> {
  const { resolveRecipe } = await import('../engine/training/recipes/recipes')
  const recipe = resolveRecipe(preset, tasks, steps, overrides)
  // Loaded on demand: it brings TensorFlow.js along, which nothing else in a host needs.
  const { checkRecipe } = await import('../engine/training/recipes/check-recipe')
  return checkRecipe(recipe, dimensions)
}
