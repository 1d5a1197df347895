import { createHash } from 'node:crypto'
import { cardText } from '../../../shared/schemas/card'
import type { ConditioningPart } from '../../../shared/schemas/run'
import type { Collection, Task } from '../../engine/datasets/collection'
import { portionsOf, type TextList } from '../../engine/datasets/text-list'
import { cachedEncoder } from '../../engine/encoders/cache/vector-cache'
import type { Encoder, TextRole } from '../../engine/encoders/encoder'
import { corpusIndexes } from '../../engine/evaluation/corpus-indexes'
import { createMatrix, type Matrix, meanOfVectors, meanRow, row } from '../../engine/numeric/matrix'
import { centreCards } from '../../engine/preferences/centre-cards'
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

/** Vectors of everything the tasks need, from the cache where they are there. @param trained whose train queries make the query means */
export async function encodeTasks(
  options: {
    readonly tasks: readonly Task[]
    readonly trained: readonly Task[]
    readonly encoder: Encoder
    readonly splits?: readonly Split[]
    /** Parts of a card that are looked at (recipe): decides which of its words are encoded, and what cards are centred on. */
    readonly conditioning?: readonly ConditioningPart[]
    readonly onEncoded?: OnEncoded
  },
  context: OperationContext,
): Promise<EncodedTasks> {
  const { tasks, trained, encoder, conditioning } = options
  const asked = [...new Set(tasks.map(({ collection }) => collection))]
  const collections = await encodeCollections({ ...options, collections: asked }, context)
  const centred = centreCards(collections, trained, conditioning?.includes('corpus') ?? false)
  const byCollection = new Map(centred.map((encoded) => [encoded.collection, encoded]))
  return {
    collections: centred,
    tasks: await encodeDescriptions({ tasks, collections: byCollection, encoder, conditioning }, context),
  }
}

type Split = 'train' | 'dev' | 'test'

/** Told of each list of texts that was encoded and not only read: characters, and seconds. */
type OnEncoded = (characters: number, seconds: number) => void

/** Beyond so many characters the usual model cuts a text: what follows costs nothing. */
const MOST_READ = 1200

/** Texts in memory at once, where a collection has more: whole blocks of the cache. */
export const ENCODED_AT_ONCE = 32 * 2048

function* inOneRow(lists: readonly TextList[]): Generator<string> {
  for (const list of lists) yield* list
}

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
  readonly splits?: readonly Split[]
}): number[] {
  const asked = trainQueries(collection, trained)
  for (const task of tasks) {
    if (task.collection !== collection) continue
    for (const split of splits) for (const query of task[split].queries) asked.add(query)
  }
  return [...asked].sort((x, y) => x - y)
}

function trainQueries(collection: Collection, trained: readonly Task[]): Set<number> {
  const queries = new Set<number>()
  for (const task of trained)
    if (task.collection === collection) for (const query of task.train.queries) queries.add(query)
  return queries
}

interface CollectionsToEncode {
  readonly collections: readonly Collection[]
  readonly tasks: readonly Task[]
  readonly trained: readonly Task[]
  readonly encoder: Encoder
  /** Splits whose queries are asked. */
  readonly splits?: readonly Split[]
  readonly onEncoded?: OnEncoded
}

/** Documents of one collection, and the queries that the tasks ask: the rows of other queries stay zero. */
export async function encodeCollection(
  { collection, ...options }: Omit<CollectionsToEncode, 'collections'> & { readonly collection: Collection },
  context: OperationContext,
): Promise<EncodedCollection> {
  const [encoded] = await encodeCollections({ ...options, collections: [collection] }, context)
  return encoded
}

/** The same of several, all their texts in one queue: dozens of small corpora cost what their texts cost. */
async function encodeCollections(
  options: CollectionsToEncode,
  context: OperationContext,
): Promise<EncodedCollection[]> {
  const { collections, trained, encoder, onEncoded } = options
  const whose =
    collections.length === 1 ? collections[0].id : `${collections.length.toLocaleString('en')} collections`
  const encode = async (role: TextRole, what: string, texts: readonly TextList[]) => {
    const total = texts.reduce((sum, { length }) => sum + length, 0)
    const phase = `encode ${total.toLocaleString('en')} ${what} of ${whose}`
    const meter = progressMeter({ phase, unit: 'texts', emit: context.emit, now: context.now })
    const begun = context.now().getTime()
    const vectors = createMatrix(total, encoder.dimensions)
    let before = 0
    let characters = 0
    for (const portion of portionsOf(inOneRow(texts), ENCODED_AT_ONCE)) {
      let cached: number | null = null
      const encoded = await encoder.encode(portion, {
        role,
        lasting: true,
        signal: context.signal,
        onProgress(done) {
          cached ??= done
          meter(before + done, total)
        },
      })
      vectors.data.set(encoded.data, before * encoder.dimensions)
      before += portion.length
      const fresh = portion.length - (cached ?? 0)
      characters += (charactersRead(portion) * fresh) / portion.length
    }
    if (characters > 0) onEncoded?.(characters, (context.now().getTime() - begun) / 1000)
    let start = 0
    return texts.map(({ length }) => {
      start += length
      return rows(vectors, start - length, length)
    })
  }
  const documents = await encode(
    'document',
    'documents',
    collections.map((collection) => collection.documents.texts),
  )
  const asked = collections.map((collection) => askedQueries({ ...options, collection }))
  const vectors = await encode(
    'query',
    'queries',
    collections.map((collection, i) => asked[i].map((query) => collection.queries.texts[query])),
  )
  return collections.map((collection, i) => {
    const queries = createMatrix(collection.queries.ids.length, documents[i].columns)
    asked[i].forEach((query, place) => {
      row(queries, query).set(row(vectors[i], place))
    })
    const trainRows = [...trainQueries(collection, trained)]
    const documentMean = meanRow(documents[i])
    const queryMean = meanRow(queries, trainRows.length > 0 ? trainRows : asked[i])
    return {
      collection,
      documents: documents[i],
      queries,
      documentMean,
      queryMean,
      centre: { queries: queryMean, documents: documentMean },
    }
  })
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
    lasting: true,
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
            nearestMeans(await indexes.open({ encoded }), await encoder.encode(missing, { lasting: true }), {
              signal: context.signal,
            }),
          dispose: async () => {},
        },
        workspacePaths(context.workspace).vectorCache,
      )
      const means = await ofTexts.encode(
        places.flatMap((t) => texts[t]),
        { lasting: true },
      )
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
