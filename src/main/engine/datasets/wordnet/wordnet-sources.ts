import { type BuiltInDataset, isBuiltIn } from '../../../../shared/built-in-datasets'
import { HydraError } from '../../../../shared/errors'
import { wordNetFinds } from './wordnet-finds'
import { wordNetRelates } from './wordnet-relates'
import { wordNetRelations } from './wordnet-relations'
import type { WordNetSource } from './wordnet-source'

const SOURCES: Readonly<Record<Exclude<BuiltInDataset, 'wordnet-finds'>, WordNetSource>> = {
  'wordnet-relations': wordNetRelations,
  'wordnet-relates': wordNetRelates,
}

/** The collection that is made of WordNet under this name, or null. @param documents size, where a collection has a choice */
export function wordNetSource(name: string, documents?: number | 'all'): WordNetSource | null {
  if (name === 'wordnet-finds') return wordNetFinds(documents)
  if (documents !== undefined) {
    throw new HydraError('USAGE', {
      expected: 'a number of documents for wordnet-finds alone',
      got: `one for ${JSON.stringify(name)}`,
      remedy: 'Ask for no number of documents, or import wordnet-finds.',
      command: 'hydra datasets import wordnet-finds --documents N',
    })
  }
  return isBuiltIn(name) ? SOURCES[name as keyof typeof SOURCES] : null
}
