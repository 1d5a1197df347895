import { createHash } from 'node:crypto'
import { cardText } from '../../../shared/schemas/card'
import type { ConditioningPart } from '../../../shared/schemas/run'
import type { Collection, Task } from '../../engine/datasets/collection'
import { cachedEncoder } from '../../engine/encoders/cache/vector-cache'
import type { Encoder } from '../../engine/encoders/encoder'
import { corpusIndexes } from '../../engine/evaluation/corpus-indexes'
import { type Matrix, meanOfVectors, meanRow, row } from '../../engine/numeric/matrix'
import { centreCards } from '../../engine/preferences/centre-cards'
import type { EncodedCollection, EncodedTask } from '../../engine/preferences/encoded-collection'
import { FEEDBACK_DOCUMENTS, nearestMeans } from '../../engine/retrieval/nearest-mean'
import { workspacePaths } from '../../workspace/paths'
import type { OperationContext } from '../operation'
import { progressMeter } from '../progress-meter'
import { encodeCollections, type OnEncoded, rowRange, type Split } from './encode-collections'

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
    const own = rowRange(vectors, start, count)
    start += count
    encoded.push({
      task: tasks[t],
      encoded: collections.get(tasks[t].collection)!,
      description: row(own, 0),
      nearest: row(nearest[t], 0),
      wordings: rowRange(own, 1, count - 1),
      wordingsNearest: rowRange(nearest[t], 1, count - 1),
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
        nearest[t] = rowRange(means, start, texts[t].length)
        start += texts[t].length
      }
    }
  } finally {
    await indexes.dispose()
  }
  return nearest
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
