import { HydraError } from '../../../../shared/errors'
import type { Choice, Recipe } from '../../../../shared/schemas/run'
import { generators } from '../../hypernet/generators'
import { heads } from '../../hypernet/heads'
import { createNetwork, describeNetwork } from '../../hypernet/network'
import { learnsLists } from '../../preferences/needed-lists'
import { samplers } from '../../preferences/samplers'
import { findSpec, parseOptions, type Spec } from '../../registry/registry'
import { teachers } from '../../teachers'
import { losses } from '../losses'
import { checkObjective } from '../objective/check-objective'

/**
 * A recipe whose every variant exists and whose options are all written out, so that run.json says what was done even when a
 * default changes later. Combinations that cannot work are refused here, before anything is encoded.
 * @param dimensions d of the encoder
 */
export function checkRecipe(recipe: Recipe, dimensions: number): Recipe {
  const checked = checkVariants(recipe)
  checkObjective(checked, createNetwork(describeNetwork(checked, dimensions)))
  return checked
}

/** What of checkRecipe needs no encoder: variants, their options, and what goes together whatever the vectors are. */
export function checkVariants(recipe: Recipe): Recipe {
  const checked = {
    ...recipe,
    generator: checkChoice('generator', generators, recipe.generator),
    head: checkChoice('head', heads, recipe.head),
    teacher: checkChoice('teacher', teachers, recipe.teacher),
    sampler: checkChoice('sampler', samplers, recipe.sampler),
    losses: recipe.losses.map((loss) => checkChoice('loss', losses, loss)),
  }
  if (recipe.minExamples > recipe.maxExamples) {
    throw new HydraError('USAGE', {
      expected: 'minExamples of at most maxExamples',
      got: `minExamples ${recipe.minExamples}, maxExamples ${recipe.maxExamples}`,
      remedy: 'Lower minExamples or raise maxExamples.',
    })
  }
  if (recipe.queries === 'pseudo' && !learnsLists(recipe.teacher)) {
    throw new HydraError('USAGE', {
      expected: 'a teacher that orders documents for any query, since nobody judged the pseudo-queries',
      got: `queries pseudo with the teacher ${recipe.teacher.name}`,
      remedy: 'Name another teacher, such as bm25 or fusion, or leave queries at judged.',
    })
  }
  if (recipe.queries === 'generated' && recipe.generated.model === null) {
    throw new HydraError('USAGE', {
      expected: 'a model that writes queries, since generated queries ask',
      got: 'queries generated and no generated.model',
      remedy: 'Name a seq2seq or causal model of the list of models; add one first where there is none.',
      command: 'hydra train --set queries=generated --set generated.model=ORG/NAME',
    })
  }
  checkObjective(checked)
  return checked
}

function checkChoice<C extends Choice>(kind: string, registry: readonly Spec[], choice: C): C {
  const spec = findSpec(kind, registry, choice.name)
  return { ...choice, options: parseOptions(kind, spec, choice.options) as Choice['options'] }
}
