import type { BuiltInDataset } from '../../../shared/built-in-datasets'
import { wordNetFinds } from './wordnet-finds'
import { wordNetRelations } from './wordnet-relations'
import type { WordNetSource } from './wordnet-source'

/** Every collection that is made of WordNet, by the name under which it is imported. */
export const wordNetSources: Readonly<Record<BuiltInDataset, WordNetSource>> = {
  'wordnet-finds': wordNetFinds,
  'wordnet-relations': wordNetRelations,
}
