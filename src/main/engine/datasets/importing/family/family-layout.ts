import { corpusFolders, PART, visiblePaths } from '../dataset-layout'

/** Where a family's corpora lie in a folder or zip. */
export interface FamilyLayout {
  /** Its own folder, `` or with its closing slash. */
  readonly root: string
  /** Names of the folders beside one another, those that lack a file of the layout too. */
  readonly corpora: readonly string[]
}

/** A family: several datasets in folders beside one another. null where there is one dataset, none, or one inside another. */
export function familyLayout(paths: Iterable<string>): FamilyLayout | null {
  const visible = visiblePaths(paths)
  const roots = corpusFolders(visible)
  const parents = new Set(roots.map((root) => root.replace(/[^/]*\/$/, '')))
  if (roots.length < 2 || parents.size > 1 || roots.includes('')) return null
  const [root] = parents
  const corpora = new Set<string>()
  for (const path of visible) {
    if (!path.startsWith(root)) continue
    const [name, ...rest] = path.slice(root.length).split('/')
    if (PART.test(rest.join('/'))) corpora.add(name)
  }
  return { root, corpora: [...corpora].sort() }
}
