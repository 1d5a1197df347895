import type { ComparedPart } from '../../../shared/schemas/comparison'
import { compareSystems, type SystemScores } from '../../engine/reporting/compare-systems'
import { samplingOf } from '../../engine/statistics/inference'
import { clustersIn, type ScoredTable } from './scored-table'

/**
 * The systems of a comparison apart by what its queries ask for. A query is seen where a train query of *any* of the runs touched
 * a relevant document of it, so that no run is credited with what it knew. Queries of corpora that nothing trained on are in neither
 * part. None where a run that trained on them was scored before its queries said so.
 */
export function comparedParts(
  tables: readonly ScoredTable[],
  systems: readonly SystemScores[],
  { measures, seed }: { readonly measures: readonly string[]; readonly seed: number },
): ComparedPart[] {
  if (tables.some(isUnsaid)) return []
  const [first] = tables
  const tasks = [...first.queries.keys()]
  const partOf = tasks.map((task) =>
    first.queries.get(task)!.map((_, query) => {
      const said = tables.flatMap(({ documents }) => documents.get(task)![query] ?? [])
      return said.includes('seen') ? 'seen' : said[0]
    }),
  )
  return (['seen', 'unseen'] as const).flatMap((documents) => {
    const kept = partOf.map((parts) => parts.flatMap((part, query) => (part === documents ? [query] : [])))
    const some = tasks.filter((_, t) => kept[t].length > 0)
    if (some.length === 0) return []
    const counts = kept.map(({ length }) => length).filter((length) => length > 0)
    const sampling = samplingOf(counts, clustersIn(first.verdict, some))
    return [
      {
        documents,
        unit: sampling.unit,
        units: sampling.n,
        tasks: some.length,
        n: counts.reduce((sum, count) => sum + count, 0),
        ...compareSystems(
          systems.map((system) => restricted(system, kept)),
          { measures, sampling, seed },
        ),
      },
    ]
  })
}

/** Scored by a version that did not write down which queries its training touched, though it split the verdict by them, or before that. */
function isUnsaid({ run, documents, verdict, cards, examples }: ScoredTable): boolean {
  if (run.kind === 'frozen') return false
  const says = [...documents.values()].some((parts) => parts.some((part) => part !== undefined))
  const split = verdict.documents?.some((part) => part.cards === cards && part.examples === examples)
  return !says && (verdict.documents === undefined || split === true)
}

/** @param kept per task, which of its queries; a task without one leaves. */
function restricted(system: SystemScores, kept: readonly (readonly number[])[]): SystemScores {
  const values = [...system.values].map(([measure, tasks]) => {
    const some = tasks.flatMap((all, t) =>
      kept[t].length > 0 ? [Float64Array.from(kept[t], (query) => all[query])] : [],
    )
    return [measure, some] as const
  })
  return { ...system, values: new Map(values) }
}
