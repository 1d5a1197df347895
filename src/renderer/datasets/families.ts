import type { DatasetRecord } from '../../shared/schemas/dataset'

/** A dataset by itself, or several that were imported together and stand as one row until it is opened. */
export interface DatasetRowGroup {
  /** Null of a dataset by itself. */
  readonly family: string | null
  readonly datasets: readonly DatasetRecord[]
}

/** In the order of the datasets; a family stands where its first one does. One alone is no family. */
export function byFamily(datasets: readonly DatasetRecord[]): DatasetRowGroup[] {
  const members = new Map<string, DatasetRecord[]>()
  for (const dataset of datasets) {
    const { family } = dataset
    if (family === undefined) continue
    const known = members.get(family)
    if (known) known.push(dataset)
    else members.set(family, [dataset])
  }
  const shown = new Set<string>()
  return datasets.flatMap((dataset): DatasetRowGroup[] => {
    const { family } = dataset
    const together = family === undefined ? [] : members.get(family)!
    if (family === undefined || together.length < 2) return [{ family: null, datasets: [dataset] }]
    if (shown.has(family)) return []
    shown.add(family)
    return [{ family, datasets: together }]
  })
}
