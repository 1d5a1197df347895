import type { Collection, Judgments, Task } from '../datasets/collection'
import type { Matrix, Vectors } from '../numeric/matrix'

/** A collection with the frozen encoder's vectors of everything in it. */
export interface EncodedCollection<Documents extends Vectors = Vectors> {
  readonly collection: Collection
  /** [documents, d] */
  readonly documents: Documents
  /** [queries, d] */
  readonly queries: Matrix
  /** [d] mean of the documents */
  readonly documentMean: Float32Array
  /**
   * [d] mean of the train queries of the tasks that are trained; of a corpus that has none the mean over the corpora that have
   * some, and where nothing is trained that of all its queries
   */
  readonly queryMean: Float32Array
  /** What a network's cards are centred on: the two means above, or those over the trained corpora where a card knows its corpus. */
  readonly centre: CorpusCentre
}

/** [d] each */
interface CorpusCentre {
  readonly queries: Float32Array
  readonly documents: Float32Array
}

/** A task with the vectors of its card's texts. */
export interface EncodedTask {
  readonly task: Task
  readonly encoded: EncodedCollection
  /** [d] e(card text) */
  readonly description: Float32Array
  /** [d] mean of the corpus documents nearest to the description: pseudo-relevance feedback */
  readonly nearest: Float32Array
  /** [w, d] the same for each wording */
  readonly wordingsNearest: Matrix
  /** [w, d] the ways to say the description, itself first: one is drawn at each training step */
  readonly wordings: Matrix
}

/** Relevant documents (grade > 0) in the corpus of the i-th judged query, without the query's own document. */
export function relevantDocuments(task: Task, judgments: Judgments, index: number): number[] {
  const own = task.collection.ownDocument[judgments.queries[index]]
  const out: number[] = []
  for (let j = judgments.offsets[index]; j < judgments.offsets[index + 1]; j++) {
    const document = judgments.documents[j]
    if (judgments.grades[j] > 0 && document >= 0 && document !== own) out.push(document)
  }
  return out
}
