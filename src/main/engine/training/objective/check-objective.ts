import { HydraError } from '../../../../shared/errors'
import type { Recipe } from '../../../../shared/schemas/run'
import { neededLists } from '../../preferences/needed-lists'
import { findSpec } from '../../registry/registry'
import { losses } from '../losses'

/** What a recipe asks for that cannot be computed together. Throws USAGE or OPTION_UNKNOWN. */
export function checkObjective(
  recipe: Pick<Recipe, 'losses' | 'teacher' | 'sampler' | 'identityPenalty' | 'nullCards'> &
    Partial<Pick<Recipe, 'corporaPerStep' | 'side'>>,
  network?: { readonly dimensions: number; readonly outputs: number },
): void {
  const lists = neededLists(recipe)
  for (const { name } of recipe.losses) {
    if (!findSpec('loss', losses, name).scored || lists?.targets) continue
    throw new HydraError('USAGE', {
      expected: `a teacher with scores, for the loss ${name}`,
      got: `the teacher ${recipe.teacher.name}`,
      remedy: 'Choose another teacher, such as bm25, dense or fusion, or another loss.',
    })
  }
  const { corporaPerStep = 1, side = 'query' } = recipe
  if (corporaPerStep > 1 && side !== 'query') {
    throw new HydraError('USAGE', {
      expected: 'heads on queries alone, since a step has several corpora',
      got: `side ${side}, corporaPerStep ${corporaPerStep}`,
      remedy: 'Choose the side query, or one corpus a step.',
      command: 'hydra train --set corporaPerStep=1',
    })
  }
  const held = recipe.identityPenalty > 0 || recipe.nullCards.share > 0
  if (network && held && network.outputs !== network.dimensions) {
    throw new HydraError('USAGE', {
      expected: 'no identity penalty and no null cards, since the head has other outputs than inputs',
      got: `${network.dimensions} inputs, ${network.outputs} outputs`,
      remedy: 'Set identityPenalty and nullCards.share to 0, or choose a head that keeps the dimensions.',
    })
  }
}
