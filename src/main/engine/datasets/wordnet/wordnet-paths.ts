import type { WordNet } from './wordnet'

/** Over pointers of these kinds (wninput(5WN)); or on from all that was reached but the query itself. */
type Step = readonly string[] | 'others'

/** Steps from a query to what is relevant. */
export type WordNetPath = readonly Step[]

export const HYPERNYMS = ['@', '@i']
export const HYPONYMS = ['~', '~i']
export const WHOLES = ['#m', '#s', '#p']
export const PARTS = ['%m', '%s', '%p']
export const DERIVATIONS = ['+']

/** Where a path leads from a synset, each once and itself never; what lies between may be outside the corpus. */
export function followPath(path: WordNetPath, from: string, { synsets }: WordNet): Set<string> {
  let reached = new Set([from])
  for (const step of path) {
    if (step === 'others') {
      reached.delete(from)
      continue
    }
    const next = new Set<string>()
    for (const id of reached) {
      for (const { symbol, target } of synsets.get(id)!.pointers) if (step.includes(symbol)) next.add(target)
    }
    reached = next
  }
  reached.delete(from)
  return reached
}
