import { createHash } from 'node:crypto'
import { cardText } from '../../../shared/schemas/card'
import type { ConditioningPart } from '../../../shared/schemas/run'
import type { Collection, Task } from '../../engine/datasets/collection'
import type { Encoder, TextRole } from '../../engine/encoders/encoder'
import { cachedEncoder } from '../../engine/encoders/vector-cache'
import { corpusIndexes } from '../../engine/evaluation/corpus-indexes'
import { createMatrix, type Matrix, meanRow, row } from '../../engine/numeric/matrix'
import type { EncodedCollection, EncodedTask } from '../../engine/preferences/encoded-collection'
import { FEEDBACK_DOCUMENTS, nearestMeans } from '../../engine/retrieval/nearest-mean'
import { workspacePaths } from '../../workspace/paths'
import type { OperationContext } from '../operation'
import { progressMeter } from '../progress-meter'

export interface EncodedTasks {
  readonly collections: readonly EncodedCollection[]
  /** In the order asked. */
  readonly tasks: readonly EncodedTask[]
}

/** Vectors of everything the tasks need, from the cache where they are there. @param trained whose train queries make the query mean */
export async function encodeTasks(
  options: {
    readonly tasks: readonly Task[]
    readonly trained: readonly Task[]
    readonly encoder: Encoder
    readonly splits?: readonly ('train' | 'dev' | 'test')[]
    /** Parts of a card that are looked at (recipe): decides which of its words are encoded. */
    readonly conditioning?: readonly ConditioningPart[]
    readonly onEncoded?: OnEncoded
  },
  context: OperationContext,
): Promise<EncodedTasks> {
  const { tasks, trained, encoder, splits, conditioning, onEncoded } = options
  const byCollection = new Map<Collection, EncodedCollection>()
  for (const { collection } of tasks) {
    if (byCollection.has(collection)) continue
    const ours = tasks.filter((task) => task.collection === collection)
    byCollection.set(
      collection,
      await encodeCollection({ collection, tasks: ours, trained, encoder, splits, onEncoded }, context),
    )
  }
  return {
    collections: [...byCollection.values()],
    tasks: await encodeDescriptions({ tasks, collections: byCollection, encoder, conditioning }, context),
  }
}

/** Told of each list of texts that was encoded and not only read: characters, and seconds. */
type OnEncoded = (characters: number, seconds: number) => void

/** Beyond so many characters the usual model cuts a text: what follows costs nothing. */
const MOST_READ = 1200

/** What the work of encoding grows with. */
export function charactersRead(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + Math.min(text.length, MOST_READ), 0)
}

/** Rows of the queries that the tasks ask on these splits, and of all that are trained on. */
export function askedQueries({
  collection,
  tasks,
  trained,
  splits = ['train', 'dev', 'test'],
}: {
  readonly collection: Collection
  readonly tasks: readonly Task[]
  readonly trained: readonly Task[]
  readonly splits?: readonly ('train' | 'dev' | 'test')[]
}): number[] {
  const asked = new Set<number>()
  for (const task of trained) {
    if (task.collection === collection) for (const query of task.train.queries) asked.add(query)
  }
  for (const task of tasks) {
    for (const split of splits) for (const query of task[split].queries) asked.add(query)
  }
  return [...asked].sort((x, y) => x - y)
}

/** Documents of one collection, and the queries that the tasks ask: the rows of other queries stay zero. */
export async function encodeCollection(
  options: {
    readonly collection: Collection
    readonly tasks: readonly Task[]
    readonly trained: readonly Task[]
    readonly encoder: Encoder
    /** Splits whose queries are asked. */
    readonly splits?: readonly ('train' | 'dev' | 'test')[]
    readonly onEncoded?: OnEncoded
  },
  context: OperationContext,
): Promise<EncodedCollection> {
  const { collection, trained, encoder, onEncoded } = options
  const encode = async (role: TextRole, what: string, texts: readonly string[]) => {
    const phase = `encode ${texts.length.toLocaleString('en')} ${what} of ${collection.id}`
    const meter = progressMeter({ phase, unit: 'texts', emit: context.emit, now: context.now })
    const begun = context.now().getTime()
    let cached: number | null = null
    const vectors = await encoder.encode(texts, {
      role,
      signal: context.signal,
      onProgress(done, total) {
        cached ??= done
        meter(done, total)
      },
    })
    const fresh = texts.length - (cached ?? 0)
    if (fresh > 0)
      onEncoded?.((charactersRead(texts) * fresh) / texts.length, (context.now().getTime() - begun) / 1000)
    return vectors
  }
  const documents = await encode('document', 'documents', collection.documents.texts)
  const train = new Set<number>()
  for (const task of trained) {
    if (task.collection === collection) for (const query of task.train.queries) train.add(query)
  }
  const rows = askedQueries(options)
  const vectors = await encode(
    'query',
    'queries',
    rows.map((query) => collection.queries.texts[query]),
  )
  const queries = createMatrix(collection.queries.ids.length, documents.columns)
  rows.forEach((query, i) => {
    row(queries, query).set(row(vectors, i))
  })
  const mean = train.size > 0 ? [...train] : rows
  return {
    collection,
    documents,
    queries,
    documentMean: meanRow(documents),
    queryMean: meanRow(queries, mean),
  }
}

/** Descriptions and wordings of every card, and the corpus documents nearest to each. */
async function encodeDescriptions(
  options: {
    readonly tasks: readonly Task[]
    readonly collections: ReadonlyMap<Collection, EncodedCollection>
    readonly encoder: Encoder
    readonly conditioning?: readonly ConditioningPart[]
  },
  context: OperationContext,
): Promise<EncodedTask[]> {
  const { tasks, collections, encoder, conditioning } = options
  const texts = tasks.map(({ card }) => {
    const text = cardText(card, conditioning)
    return [text, ...(card.wordings ?? [text])]
  })
  const phase = `encode ${tasks.length.toLocaleString('en')} ${tasks.length === 1 ? 'card' : 'cards'}`
  const vectors = await encoder.encode(texts.flat(), {
    signal: context.signal,
    onProgress: progressMeter({ phase, unit: 'texts', emit: context.emit, now: context.now }),
  })
  const nearest = await nearestDocuments(tasks, texts, collections, encoder, context)
  const encoded: EncodedTask[] = []
  let start = 0
  for (let t = 0; t < tasks.length; t++) {
    const count = texts[t].length
    const own = rows(vectors, start, count)
    start += count
    encoded.push({
      task: tasks[t],
      encoded: collections.get(tasks[t].collection)!,
      description: row(own, 0),
      nearest: row(nearest[t], 0),
      wordings: rows(own, 1, count - 1),
      wordingsNearest: rows(nearest[t], 1, count - 1),
    })
  }
  return encoded
}

/**
 * Per task [texts, d]: the mean of the corpus documents nearest to each text. Cached like vectors, by the text, since every
 * system of every run on the collection asks for the same.
 */
async function nearestDocuments(
  tasks: readonly Task[],
  texts: readonly (readonly string[])[],
  collections: ReadonlyMap<Collection, EncodedCollection>,
  encoder: Encoder,
  context: OperationContext,
): Promise<Matrix[]> {
  const indexes = corpusIndexes()
  const nearest: Matrix[] = []
  try {
    for (const [collection, encoded] of collections) {
      const places = tasks.flatMap((task, t) => (task.collection === collection ? [t] : []))
      const ofTexts = cachedEncoder(
        {
          id: `nearest-${FEEDBACK_DOCUMENTS}-${collection.id}`,
          sha256: collection.sha256,
          fingerprint: createHash('sha256')
            .update(`${encoder.fingerprint} ${collection.sha256} ${FEEDBACK_DOCUMENTS}`)
            .digest('hex'),
          dimensions: encoder.dimensions,
          encode: async (missing) =>
            nearestMeans(await indexes.open({ encoded }), await encoder.encode(missing), {
              signal: context.signal,
            }),
          dispose: async () => {},
        },
        workspacePaths(context.workspace).vectorCache,
      )
      const means = await ofTexts.encode(places.flatMap((t) => texts[t]))
      let start = 0
      for (const t of places) {
        nearest[t] = rows(means, start, texts[t].length)
        start += texts[t].length
      }
    }
  } finally {
    await indexes.dispose()
  }
  return nearest
}

/** A view of some rows. */
function rows(matrix: Matrix, start: number, count: number): Matrix {
  const { columns, data } = matrix
  return createMatrix(count, columns, data.subarray(start * columns, (start + count) * columns))
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
