import type { Recipe, RunRecord } from '../../../shared/schemas/run'
import { checkRecipe } from '../../engine/training/recipes/check-recipe'
import { resolveRecipe } from '../../engine/training/recipes/recipes'
import type { RunTasks } from '../datasets/load-run-tasks'

/**
 * The recipe that a run asks for, as it can be carried out on its tasks, and what a reader must know of the difference.
 * @param dimensions d of the encoder
 */
export function settleRecipe(
  { request }: Pick<RunRecord, 'request'>,
  { seen, bare }: RunTasks,
  dimensions: number,
): { recipe: Recipe; notes: string[] } {
  const { preset = 'recommended', steps, overrides } = request
  const recipe = checkRecipe(resolveRecipe(preset, seen.length, steps, overrides), dimensions)
  const notes: string[] = []
  if (bare.length > 0) {
    const names = bare.slice(0, 3).map(({ id }) => id)
    const more = bare.length > names.length ? ` and ${bare.length - names.length} more` : ''
    notes.push(
      `No train queries in ${names.join(', ')}${more}: neither trained nor tested. A teacher needs none of them judged: --teacher bm25 --set queries=pseudo.`,
    )
  }
  if (recipe.queries !== 'judged' && recipe.descriptionOnly < 1) {
    recipe.descriptionOnly = 1
    const asking = recipe.queries === 'pseudo' ? 'Pseudo-queries' : 'Generated queries'
    notes.push(`${asking} have no judged examples: cards are trained and tested by their description alone.`)
  }
  if (
    seen.every(({ dev }) => dev.queries.length === 0) &&
    (recipe.keep === 'best' || recipe.patience !== null)
  ) {
    recipe.keep = 'last'
    recipe.patience = null
    notes.push(
      'No trained task has dev queries: the network of the last step is kept, and nothing stops it early.',
    )
  }
  return { recipe, notes }
}
