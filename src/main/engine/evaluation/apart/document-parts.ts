import type { DocumentPart } from '../../../../shared/schemas/verdict'
import type { SystemName } from '../../../../shared/system-name'
import type { Task } from '../../datasets/collection'
import { relevantDocuments } from '../../preferences/encoded-collection'
import { holm } from '../../statistics/holm'
import { inferencesOf, intervalsOf, type Sampling } from '../../statistics/inference'
import { taskDifferences } from '../differences'
import type { SystemScores } from '../system-scores'

/** Corpus rows that training was told of: relevant to a train query of a trained task, by collection id. */
export type TrainedDocuments = ReadonlyMap<string, ReadonlySet<number>>

export function trainedDocuments(trained: readonly Task[]): TrainedDocuments {
  const byCollection = new Map<string, Set<number>>()
  for (const task of trained) {
    const documents = byCollection.get(task.collection.id) ?? new Set()
    byCollection.set(task.collection.id, documents)
    for (let i = 0; i < task.train.queries.length; i++)
      for (const document of relevantDocuments(task, task.train, i)) documents.add(document)
  }
  return byCollection
}

export interface DocumentPartsOptions {
  /** Rows of one table, on the same queries. */
  readonly systems: readonly SystemScores[]
  readonly documents: TrainedDocuments
  readonly split: 'test' | 'dev'
  readonly measures: readonly string[]
  /** The task card and, by measure, the best control of the whole table; absent where the table has no lead. */
  readonly card?: SystemScores
  readonly control: (measure: string) => SystemScores | undefined
  /** The unit of the intervals over some of the tasks. */
  readonly samplingOf: (some: Pick<SystemScores, 'tasks'>) => Sampling
  readonly seed: number
}

/**
 * A table apart by what its queries ask for. A query is *seen* where at least one of its relevant documents is relevant to a
 * train query of a trained task of its corpus, too, else *unseen*: no train query touched what it asks for
 * (docs/method.md#seen-documents). Tasks of corpora that nothing trained on are in neither part; a part without queries is
 * absent.
 */
export function documentParts(options: DocumentPartsOptions): Omit<DocumentPart, 'cards' | 'examples'>[] {
  const { systems, measures, card, control, seed } = options
  const partOf = systems[0].tasks.map(({ task, queries }) =>
    partsOfQueries(task.task, queries, options.split, options.documents),
  )
  const parts = (['seen', 'unseen'] as const).flatMap((documents) => {
    const kept = partOf.map((all) => (all ?? []).flatMap((part, i) => (part === documents ? [i] : [])))
    return kept.some(({ length }) => length > 0) ? [{ documents, kept }] : []
  })
  const led = measures.flatMap((measure) => {
    const other = control(measure)
    return card && other ? [{ measure, card: systems.indexOf(card), other: systems.indexOf(other) }] : []
  })
  const inferred = parts.map(({ documents, kept }) => {
    const rows = systems.map((system) => restricted(system, kept))
    const sampling = options.samplingOf(rows[0])
    const columns = rows.flatMap(({ tasks }) =>
      measures.map((measure) => tasks.map(({ values }) => values.get(measure)!)),
    )
    const intervals = intervalsOf(columns, sampling, { seed, use: `bootstrap/${documents} documents` })
    const leads = led.map((one) => taskDifferences(rows[one.card], rows[one.other], one.measure))
    const inferences = leads.length === 0 ? [] : inferencesOf(leads, sampling, seed)
    return { documents, rows, sampling, intervals, inferences }
  })
  // What one table says of one measure is read together: the parts that it has.
  const corrected = led.map((_, i) => holm(inferred.map(({ inferences }) => inferences[i].p)))
  return inferred.map(({ documents, rows, sampling, intervals, inferences }, part) => ({
    documents,
    tasks: rows[0].tasks.length,
    queries: rows[0].tasks.reduce((sum, { queries }) => sum + queries.length, 0),
    unit: sampling.unit,
    n: sampling.n,
    rows: rows.map((system, r) => ({
      ...nameOf(system),
      mean: Object.fromEntries(measures.map((measure, m) => [measure, intervals[r * measures.length + m]])),
    })),
    leads: Object.fromEntries(
      led.map(({ measure, other }, i) => {
        const { value: delta, n: _, ...rest } = inferences[i]
        const tested = { delta, ...rest, corrected: corrected[i][part], family: inferred.length }
        return [measure, { control: nameOf(systems[other]), ...tested }]
      }),
    ),
  }))
}

/** [queries] whether a train query touched any document that is relevant to it; null where nothing was trained on the corpus. */
export function partsOfQueries(
  task: Task,
  queries: Int32Array,
  split: 'test' | 'dev',
  documents: TrainedDocuments,
): DocumentPart['documents'][] | null {
  const known = documents.get(task.collection.id)
  if (!known) return null
  const judgments = task[split]
  const place = new Map(Array.from(judgments.queries, (query, i) => [query, i]))
  return Array.from(queries, (query) =>
    relevantDocuments(task, judgments, place.get(query)!).some((document) => known.has(document))
      ? 'seen'
      : 'unseen',
  )
}

/** @param kept per task, which of its queries; a task without one leaves. */
function restricted(system: SystemScores, kept: readonly (readonly number[])[]): SystemScores {
  const tasks = system.tasks.flatMap((task, t) => {
    if (kept[t].length === 0) return []
    const values = [...task.values].map(
      ([measure, all]) => [measure, Float64Array.from(kept[t], (i) => all[i])] as const,
    )
    return [{ ...task, queries: Int32Array.from(kept[t], (i) => task.queries[i]), values: new Map(values) }]
  })
  return { ...system, tasks }
}

function nameOf({ row, bm25 }: SystemName): SystemName {
  return { row, bm25 }
}
