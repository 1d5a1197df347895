import type { TaskSummary } from '../../shared/schemas/dataset'

/** A half of a card that is put together from two. */
interface FactorChoice {
  readonly value: string
  readonly title: string
}

/** The tasks whose cards name a relation and a category, as two menus and what they make. */
export interface Combinations {
  readonly relations: readonly FactorChoice[]
  readonly categories: readonly FactorChoice[]
  /** Task by `relation category`; not every combination is one. */
  readonly tasks: ReadonlyMap<string, string>
  /** Relation and category of a task. */
  readonly factorsOf: ReadonlyMap<string, { readonly relation: string; readonly category: string }>
}

export const combinationKey = (relation: string, category: string) => `${relation} ${category}`

/** Null where the cards of a dataset are not put together. Their names are `category: relation`. */
export function combinationsOf(tasks: readonly TaskSummary[]): Combinations | null {
  const relations = new Map<string, string>()
  const categories = new Map<string, string>()
  const made = new Map<string, string>()
  const factorsOf = new Map<string, { relation: string; category: string }>()
  for (const { id, name, factors } of tasks) {
    const { relation, category } = factors ?? {}
    if (!relation || !category) continue
    const cut = name.lastIndexOf(': ')
    categories.set(category, cut < 0 ? category : name.slice(0, cut))
    relations.set(relation, cut < 0 ? relation : name.slice(cut + 2))
    made.set(combinationKey(relation, category), id)
    factorsOf.set(id, { relation, category })
  }
  if (made.size === 0) return null
  const choices = (titles: ReadonlyMap<string, string>) =>
    [...titles].map(([value, title]) => ({ value, title })).sort((a, b) => a.title.localeCompare(b.title))
  return { relations: choices(relations), categories: choices(categories), tasks: made, factorsOf }
}
