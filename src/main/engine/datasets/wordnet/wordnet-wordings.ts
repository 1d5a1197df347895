import { randomStream } from '../../numeric/random'
import type { Relation } from './relates-relations'
import type { Category } from './wordnet-categories'

/** Share of the words longer than three letters that a misspelt wording gets wrong. */
const MISSPELT = 0.4

/** The description of a category's card (docs/method.md#the-collection-wordnet-finds). */
function describeCategory({ name, gloss }: Category): string {
  return `find the ${name} most related to the query. ${name}: ${gloss}`
}

/**
 * Eight ways to ask for a category, the card's description first: with and without the definition, the definition alone,
 * another name, a plural, a misspelling. Trained on one of them alone, a network fails on the others
 * (docs/method.md#the-collection-wordnet-finds). The misspelling depends on the category only, so that everyone has the same
 * dataset.
 */
export function wordCategory(category: Category): string[] {
  const { id, name, gloss, otherName } = category
  return [
    describeCategory(category),
    `find the ${name} most related to the query`,
    `${name}: ${gloss}`,
    gloss,
    `show me ${plural(name)}`,
    `results must be a kind of ${name}`,
    `return ${plural(otherName)} connected with the query`,
    misspell(`find the ${name} closest to the text. ${gloss}`, id),
  ]
}

/**
 * Eight ways to ask for a relation within a category, the card's description first: as `wordCategory` words a category, and
 * the relation in two ways.
 */
export function wordRelation(relation: Relation, category: Category): string[] {
  const { description, paraphrase } = relation
  const { name, gloss, otherName } = category
  const phrase = description.replace(/^find /, '')
  return [
    `${description}, among ${name}. ${name}: ${gloss}`,
    `${description}, among ${name}`,
    `${phrase} (${name}: ${gloss})`,
    `${phrase}, limited to this: ${gloss}`,
    `show me ${plural(name)}: ${paraphrase}`,
    `results must be a kind of ${name} and ${phrase}`,
    `return ${plural(otherName)}, ${paraphrase}`,
    misspell(`${description}, only ${name}. ${gloss}`, `${relation.id}.${category.id}`),
  ]
}

/** The plural by rule; good enough for a search box. */
function plural(name: string): string {
  if (name.endsWith('s')) return name
  return /[^aeiou]y$/.test(name) ? `${name.slice(0, -1)}ies` : `${name}s`
}

/** Drops, swaps or doubles an inner letter in some of the longer words. */
function misspell(text: string, id: string): string {
  const random = randomStream(0, `misspell/${id}`)
  return text
    .split(' ')
    .map((word) => {
      if (word.length <= 3 || random.next() >= MISSPELT) return word
      const at = 1 + random.integer(word.length - 2)
      const [before, letter, next, rest] = [word.slice(0, at), word[at], word[at + 1], word.slice(at + 2)]
      return [before + next + rest, before + next + letter + rest, before + letter + letter + next + rest][
        random.integer(3)
      ]
    })
    .join(' ')
}
