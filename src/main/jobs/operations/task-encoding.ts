import { cardText } from '../../../shared/card'
import type { Collection, Task } from '../../engine/datasets/collection'
import type { Encoder } from '../../engine/encoders/encoder'
import { createMatrix, meanRow, row } from '../../engine/numeric/matrix'
import type { EncodedCollection, EncodedTask } from '../../engine/preferences/encoded-collection'
import type { OperationContext } from '../operation'
import { progressMeter } from '../progress-meter'

export interface EncodedTasks {
  readonly collections: readonly EncodedCollection[]
  /** In the order asked. */
  readonly tasks: readonly EncodedTask[]
}

/** Vectors of everything the tasks need, from the cache where they are there. @param trained whose train queries make the query mean */
export async function encodeTasks(
  options: { tasks: readonly Task[]; trained: readonly Task[]; encoder: Encoder },
  context: OperationContext,
): Promise<EncodedTasks> {
  const { tasks, trained, encoder } = options
  const byCollection = new Map<Collection, EncodedCollection>()
  for (const { collection } of tasks) {
    if (byCollection.has(collection)) continue
    byCollection.set(collection, await encodeCollection(collection, trained, encoder, context))
  }
  const described = await encodeDescriptions(tasks, encoder, context)
  return {
    collections: [...byCollection.values()],
    tasks: tasks.map((task, index) => ({
      task,
      encoded: byCollection.get(task.collection)!,
      ...described[index],
    })),
  }
}

/** Documents and queries of one collection. */
export async function encodeCollection(
  collection: Collection,
  trained: readonly Task[],
  encoder: Encoder,
  context: OperationContext,
): Promise<EncodedCollection> {
  const encode = (what: string, texts: readonly string[]) => {
    const phase = `encode ${texts.length.toLocaleString('en')} ${what} of ${collection.id}`
    return encoder.encode(texts, {
      signal: context.signal,
      onProgress: progressMeter({ phase, unit: 'texts', emit: context.emit, now: context.now }),
    })
  }
  const documents = await encode('documents', collection.documents.texts)
  const queries = await encode('queries', collection.queries.texts)
  const train = new Set<number>()
  for (const task of trained) {
    if (task.collection === collection) for (const query of task.train.queries) train.add(query)
  }
  return {
    collection,
    documents,
    queries,
    documentMean: meanRow(documents),
    queryMean: train.size > 0 ? meanRow(queries, [...train]) : meanRow(queries),
  }
}

async function encodeDescriptions(
  tasks: readonly Task[],
  encoder: Encoder,
  context: OperationContext,
): Promise<Pick<EncodedTask, 'description' | 'wordings'>[]> {
  const texts = tasks.map(({ card }) => [cardText(card), ...(card.wordings ?? [cardText(card)])])
  const vectors = await encoder.encode(texts.flat(), {
    signal: context.signal,
    onProgress: progressMeter({
      phase: `encode ${tasks.length} cards`,
      unit: 'texts',
      emit: context.emit,
      now: context.now,
    }),
  })
  let next = 0
  return texts.map((wordings) => {
    const start = next
    next += wordings.length
    const from = (start + 1) * vectors.columns
    const data = vectors.data.subarray(from, next * vectors.columns)
    return {
      description: row(vectors, start),
      wordings: createMatrix(wordings.length - 1, vectors.columns, data),
    }
  })
}

/** [d] mean over the tasks' wordings, each task once. */
export function meanOfWordings(tasks: readonly EncodedTask[]): Float32Array {
  const means = tasks.map(({ wordings }) => meanRow(wordings))
  return meanOfVectors(means)
}

/** [d] mean of the plain descriptions: what the `card as text` control is centred on. */
export function meanOfDescriptions(tasks: readonly EncodedTask[]): Float32Array {
  return meanOfVectors(tasks.map(({ description }) => description))
}

function meanOfVectors(vectors: readonly Float32Array[]): Float32Array {
  const sum = new Float64Array(vectors[0].length)
  for (const vector of vectors) for (let i = 0; i < sum.length; i++) sum[i] += vector[i]
  return Float32Array.from(sum, (value) => value / vectors.length)
}
