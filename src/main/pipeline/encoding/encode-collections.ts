import type { Collection, Task } from '../../engine/datasets/collection'
import { portionsOf, type TextList } from '../../engine/datasets/text-list'
import type { Encoder, TextRole } from '../../engine/encoders/encoder'
import { createMatrix, type Matrix, meanRow, row, type Vectors } from '../../engine/numeric/matrix'
import type { EncodedCollection } from '../../engine/preferences/encoded-collection'
import type { OperationContext } from '../operation'
import { progressMeter } from '../progress-meter'

export type Split = 'train' | 'dev' | 'test'

/** Told of each list of texts that was encoded and not only read: characters, and seconds. */
export type OnEncoded = (characters: number, seconds: number) => void

/** Beyond so many characters the usual model cuts a text: what follows costs nothing. */
const MOST_READ = 1200

/** Texts in memory at once, where a collection has more: whole blocks of the cache. */
export const ENCODED_AT_ONCE = 32 * 2048

/** Documents of which the vectors are held: 300 MB at 384 dimensions. Those of more are read where the cache keeps them. */
const STORED_FROM = 200_001

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
  /** Documents of a collection from which on their vectors stay on disk; 200,001 unless said. */
  readonly storedFrom?: number
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
export async function encodeCollections(
  options: CollectionsToEncode,
  context: OperationContext,
): Promise<EncodedCollection[]> {
  const { collections, trained, encoder, storedFrom = STORED_FROM } = options
  const isStored = ({ documents }: Collection) =>
    encoder.storing !== undefined && documents.texts.length >= storedFrom
  const documents = new Map<Collection, Vectors>()
  for (const collection of collections.filter(isStored))
    documents.set(collection, await storeDocuments(collection, options, context))
  const held = collections.filter((collection) => !isStored(collection))
  const ofHeld = await encodeLists(
    { role: 'document', what: 'documents', of: held, texts: held.map((one) => one.documents.texts) },
    options,
    context,
  )
  held.forEach((collection, i) => {
    documents.set(collection, ofHeld[i])
  })
  const asked = collections.map((collection) => askedQueries({ ...options, collection }))
  const vectors = await encodeLists(
    {
      role: 'query',
      what: 'queries',
      of: collections,
      texts: collections.map((collection, i) => asked[i].map((query) => collection.queries.texts[query])),
    },
    options,
    context,
  )
  return collections.map((collection, i) => {
    const queries = createMatrix(collection.queries.ids.length, encoder.dimensions)
    asked[i].forEach((query, place) => {
      row(queries, query).set(row(vectors[i], place))
    })
    const own = documents.get(collection)!
    const trainRows = [...trainQueries(collection, trained)]
    const documentMean = meanRow(own)
    const queryMean = meanRow(queries, trainRows.length > 0 ? trainRows : asked[i])
    return {
      collection,
      documents: own,
      queries,
      documentMean,
      queryMean,
      centre: { queries: queryMean, documents: documentMean },
    }
  })
}

/** Vectors of one collection's documents, left where the cache keeps them. */
async function storeDocuments(
  collection: Collection,
  options: CollectionsToEncode,
  context: OperationContext,
): Promise<Vectors> {
  const storing = options.encoder.storing!('document')
  const lists = {
    role: 'document' as const,
    what: 'documents',
    of: [collection],
    texts: [collection.documents.texts],
  }
  await encodePortions(lists, options, context, (_, portion) => storing.add(portion))
  return storing.vectors()
}

/** Texts of collections, list by list. */
interface Lists {
  readonly role: TextRole
  /** In words */
  readonly what: string
  readonly of: readonly Collection[]
  readonly texts: readonly TextList[]
}

/** @returns a matrix for each list */
async function encodeLists(
  lists: Lists,
  options: CollectionsToEncode,
  context: OperationContext,
): Promise<Matrix[]> {
  const { dimensions } = options.encoder
  const vectors = createMatrix(textsIn(lists), dimensions)
  await encodePortions(lists, options, context, ({ data }, _, first) => {
    vectors.data.set(data, first * dimensions)
  })
  let start = 0
  return lists.texts.map(({ length }) => {
    start += length
    return rowRange(vectors, start - length, length)
  })
}

/** @param take a portion's vectors and texts, and the place of its first among the texts of all lists */
async function encodePortions(
  lists: Lists,
  { encoder, onEncoded }: CollectionsToEncode,
  context: OperationContext,
  take: (encoded: Matrix, portion: readonly string[], first: number) => void | Promise<void>,
): Promise<void> {
  const { role, what, of, texts } = lists
  const total = textsIn(lists)
  if (of.length === 0) return
  const whose = of.length === 1 ? of[0].id : `${of.length.toLocaleString('en')} collections`
  const phase = `encode ${total.toLocaleString('en')} ${what} of ${whose}`
  const meter = progressMeter({ phase, unit: 'texts', emit: context.emit, now: context.now })
  const begun = context.now().getTime()
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
    await take(encoded, portion, before)
    before += portion.length
    const fresh = portion.length - (cached ?? 0)
    characters += (charactersRead(portion) * fresh) / portion.length
  }
  if (characters > 0) onEncoded?.(characters, (context.now().getTime() - begun) / 1000)
}

function textsIn({ texts }: Lists): number {
  return texts.reduce((sum, { length }) => sum + length, 0)
}

/** A view of some rows. */
export function rowRange(matrix: Matrix, start: number, count: number): Matrix {
  const { columns, data } = matrix
  return createMatrix(count, columns, data.subarray(start * columns, (start + count) * columns))
}
