/** A retrieval task of MTEB: its name there, and by what its data can be told. */
export interface MtebTask {
  readonly name: string
  /** Three letters of ISO 639-3 and four of ISO 15924, as the task's metadata has them. */
  readonly languages: readonly string[]
  readonly documents: number
  /** Queries of the split `test`. */
  readonly queries: number
}

const ENGLISH = ['eng-Latn']
/** ISO 639-3 and ISO 15924 for undetermined. MTEB's readers find no score where a task has no language at all. */
const UNDETERMINED = ['und-Zyyy']

/**
 * By the id that a collection usually has. Source: mteb 2.26.24, TaskMetadata and its descriptive_stats
 * (test/oracle/mteb_results.py holds them to it). A collection of the same origin and another size is another task: CoSQA's
 * publication ranks 6,267 functions, MTEB's CosQA 20,604.
 */
export const mtebTasks: Readonly<Record<string, MtebTask>> = {
  arguana: { name: 'ArguAna', languages: ENGLISH, documents: 8674, queries: 1406 },
  cosqa: { name: 'CosQA', languages: [...ENGLISH, 'python-Code'], documents: 20_604, queries: 500 },
  fiqa: { name: 'FiQA2018', languages: ENGLISH, documents: 57_638, queries: 648 },
  nfcorpus: { name: 'NFCorpus', languages: ENGLISH, documents: 3633, queries: 323 },
  scidocs: { name: 'SCIDOCS', languages: ENGLISH, documents: 25_657, queries: 1000 },
  scifact: { name: 'SciFact', languages: ENGLISH, documents: 5183, queries: 300 },
  'trec-covid': { name: 'TRECCOVID', languages: ENGLISH, documents: 171_332, queries: 50 },
}

/** What a run knows of a task's data. */
export interface TestedData {
  /** `dataset` or `dataset/card`. */
  readonly task: string
  /** null: the data that was scored is no longer there. */
  readonly documents: number | null
  readonly split: 'dev' | 'test'
  /** Of the split. */
  readonly queries: number
}

export interface NamedTask {
  readonly name: string
  readonly languages: readonly string[]
  /** Why the task keeps our id. */
  readonly note?: string
}

/** The name under which MTEB's readers know a task; our id, and why, where they know none with this data. */
export function mtebTaskOf({ task, documents, split, queries }: TestedData): NamedTask {
  const own = { name: task.replaceAll('/', '__'), languages: UNDETERMINED }
  const known = Object.hasOwn(mtebTasks, task) ? mtebTasks[task] : undefined
  if (!known)
    return { ...own, note: `${task} is no task of MTEB: it keeps its id, its language as undetermined.` }
  if (documents === null)
    return {
      ...own,
      note: `${task} keeps its id: the data that was scored is not here, to be told from MTEB’s ${known.name}.`,
    }
  if (split !== 'test')
    return {
      ...own,
      note: `${task} keeps its id: its ${split} queries were scored, and MTEB’s are test queries.`,
    }
  if (documents !== known.documents || queries !== known.queries)
    return {
      ...own,
      note: `${task} keeps its id: ${sizes({ documents, queries })}, where MTEB’s ${known.name} has ${sizes(known)}.`,
    }
  return known
}

function sizes({ documents, queries }: Pick<MtebTask, 'documents' | 'queries'>): string {
  return `${documents.toLocaleString('en')} documents and ${queries.toLocaleString('en')} test queries`
}
