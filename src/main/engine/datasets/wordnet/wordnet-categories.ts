import type { Synset } from './wordnet'

/** A set of documents with a name: all kinds of one thing. */
export interface Category {
  /** Synset id, or `lexNN` for a lexicographer file. */
  readonly id: string
  readonly name: string
  readonly gloss: string
  /** Another name where the synset has one, else the name. */
  readonly otherName: string
  /** Corpus rows, ascending. */
  readonly members: Int32Array
}

export interface CategorySizes {
  /** Fewest and most members in the corpus. */
  readonly smallest: number
  readonly largest: number
}

/** Those of docs/method.md#the-collection-wordnet-finds. */
export const USUAL_SIZES: CategorySizes = { smallest: 20, largest: 1500 }
/** Above this Jaccard overlap with a smaller category, a category says nothing new. */
const NEAR_DUPLICATE = 0.9

/** Lexicographer files of nouns (but noun.Tops) and verbs, with names that read in a sentence. Adjectives and adverbs have one file for all. */
const LEXICOGRAPHER_FILES: Readonly<Record<number, readonly [name: string, gloss: string]>> = {
  4: ['act', 'acts or actions'],
  5: ['animal', 'animals'],
  6: ['artifact', 'man-made objects'],
  7: ['attribute', 'attributes of people and objects'],
  8: ['body part', 'body parts'],
  9: ['cognition', 'cognitive processes and contents'],
  10: ['communication', 'communicative processes and contents'],
  11: ['event', 'natural events'],
  12: ['feeling', 'feelings and emotions'],
  13: ['food', 'foods and drinks'],
  14: ['group', 'groupings of people or objects'],
  15: ['location', 'spatial position'],
  16: ['motive', 'goals'],
  17: ['natural object', 'natural objects, not man-made'],
  18: ['person', 'people'],
  19: ['phenomenon', 'natural phenomena'],
  20: ['plant', 'plants'],
  21: ['possession', 'possession and transfer of possession'],
  22: ['process', 'natural processes'],
  23: ['quantity', 'quantities and units of measure'],
  24: ['relation', 'relations between people or things or ideas'],
  25: ['shape', 'two and three dimensional shapes'],
  26: ['state', 'stable states of affairs'],
  27: ['substance', 'substances'],
  28: ['time', 'time and temporal relations'],
  29: ['verb of grooming and bodily care', 'grooming, dressing and bodily care'],
  30: ['verb of change', 'size, temperature change, intensifying'],
  31: ['verb of cognition', 'thinking, judging, analyzing, doubting'],
  32: ['verb of communication', 'telling, asking, ordering, singing'],
  33: ['verb of competition', 'fighting, athletic activities'],
  34: ['verb of consumption', 'eating and drinking'],
  35: ['verb of contact', 'touching, hitting, tying, digging'],
  36: ['verb of creation', 'sewing, baking, painting, performing'],
  37: ['verb of emotion', 'feeling'],
  38: ['verb of motion', 'walking, flying, swimming'],
  39: ['verb of perception', 'seeing, hearing, feeling'],
  40: ['verb of possession', 'buying, selling, owning'],
  41: ['verb of social interaction', 'political and social activities and events'],
  42: ['verb of being and having', 'being, having, spatial relations'],
  43: ['verb of weather', 'raining, snowing, thawing, thundering'],
}

/**
 * Categories over a corpus of synsets: every synset of WordNet with so many hyponym descendants in the corpus (itself
 * not among them; 20 to 1,500 if nothing is said) and every lexicographer file of that size; from small to large, ties by id, near-duplicates of a kept
 * smaller one left out.
 */
export function findCategories(
  corpus: readonly string[],
  synsets: ReadonlyMap<string, Synset>,
  { smallest, largest }: CategorySizes = USUAL_SIZES,
): Category[] {
  const hasRightSize = ({ length }: readonly number[]) => length >= smallest && length <= largest
  const members = new Map<string, number[]>()
  corpus.forEach((id, row) => {
    for (const ancestor of hypernymClosure(id, synsets)) append(members, ancestor, row)
  })
  const categories: Category[] = []
  for (const [id, rows] of members) {
    if (!hasRightSize(rows)) continue
    const { lemmas, gloss } = synsets.get(id)!
    categories.push({
      id,
      name: lemmas[0],
      gloss,
      otherName: lemmas[1] ?? lemmas[0],
      members: Int32Array.from(rows),
    })
  }
  for (const [file, [name, gloss]] of Object.entries(LEXICOGRAPHER_FILES)) {
    const rows = corpus.flatMap((id, row) =>
      synsets.get(id)!.lexicographerFile === Number(file) ? [row] : [],
    )
    if (!hasRightSize(rows)) continue
    const id = `lex${file.padStart(2, '0')}`
    categories.push({ id, name, gloss, otherName: name, members: Int32Array.from(rows) })
  }
  categories.sort((a, b) => a.members.length - b.members.length || (a.id < b.id ? -1 : 1))
  return withoutNearDuplicates(categories, corpus.length)
}

/** All hypernyms (`@`, `@i`) of a synset, near and far. */
function hypernymClosure(id: string, synsets: ReadonlyMap<string, Synset>): Set<string> {
  const reached = new Set<string>()
  const open = [id]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const { symbol, target } of synsets.get(next)!.pointers) {
      if ((symbol === '@' || symbol === '@i') && !reached.has(target)) {
        reached.add(target)
        open.push(target)
      }
    }
  }
  return reached
}

function withoutNearDuplicates(categories: readonly Category[], corpusSize: number): Category[] {
  const kept: Category[] = []
  const keptOf: number[][] = Array.from({ length: corpusSize }, () => [])
  for (const category of categories) {
    const shared = new Map<number, number>()
    for (const row of category.members) {
      for (const other of keptOf[row]) shared.set(other, (shared.get(other) ?? 0) + 1)
    }
    const size = category.members.length
    const repeats = [...shared].some(
      ([other, both]) => both / (size + kept[other].members.length - both) > NEAR_DUPLICATE,
    )
    if (repeats) continue
    for (const row of category.members) keptOf[row].push(kept.length)
    kept.push(category)
  }
  return kept
}

function append(lists: Map<string, number[]>, key: string, row: number): void {
  const list = lists.get(key)
  if (list) list.push(row)
  else lists.set(key, [row])
}
