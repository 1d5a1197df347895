import type {
  GeneratedQueries,
  GeneratedQuery,
  GenerateRequest,
} from '../../../shared/schemas/generated-queries'
import type { Collection, Task } from '../../engine/datasets/collection'
import { listTasks } from '../../engine/datasets/tasks'
import { crossEncoderMargins, OTHERS_READ, roundTripRanks } from '../../engine/generation/consistency'
import {
  sampleDocuments,
  type WrittenQuery,
  withGeneratedQueries,
  writtenQueries,
} from '../../engine/generation/generated-queries'
import type { Ranking } from '../../engine/retrieval/corpus-index'
import { createTeacher } from '../../engine/teachers/index'
import type { CollectionVectors } from '../../engine/teachers/teacher'
import { encodeCollection } from '../encoding/encode-collections'
import type { OperationContext } from '../operation'
import { progressMeter } from '../progress-meter'
import { askGenerator } from './ask-generator'

/** Tokens of a query and a document together that a cross-encoder reads: what the teacher of that name reads. */
const READ_TOGETHER = 256

/** Queries of a collection as a model writes them, each with what the filters make of it. */
export async function writeQueries(
  collection: Collection,
  request: GenerateRequest,
  context: OperationContext,
): Promise<GeneratedQueries> {
  const { generation, most, seed } = request
  const { model, perDocument, prompt, roundTrip, reranker, margin: least } = generation
  const documents = sampleDocuments(collection, Math.ceil(most / perDocument), seed)
  const texts = documents.map((document) => collection.documents.texts.at(document)!)
  const phase = `write queries of ${texts.length.toLocaleString('en')} documents of ${collection.id}`
  const answers = await askGenerator(texts, { model, phase, perDocument, seed, prompt }, context)
  const written = writtenQueries(collection, documents, answers).slice(0, most)

  const depth = Math.max(roundTrip ?? 0, reranker === null ? 0 : OTHERS_READ + 1)
  const rankings = depth > 0 ? await rank(collection, written, depth, request, context) : null
  const ranks = rankings ? roundTripRanks(written, rankings) : written.map(() => null)
  const found = (i: number) => roundTrip === null || (ranks[i] !== null && ranks[i] <= roundTrip)
  const margins = new Array<number | null>(written.length).fill(null)
  if (reranker !== null && rankings) {
    const rows = written.flatMap((_, i) => (found(i) ? [i] : []))
    const read = await readMargins(
      collection,
      rows.map((i) => written[i]),
      rows.map((i) => rankings[i]),
      reranker,
      context,
    )
    rows.forEach((row, i) => {
      margins[row] = read[i]
    })
  }
  const dropped = (i: number): GeneratedQuery['dropped'] => {
    if (!found(i)) return 'not found'
    const margin = margins[i]
    return margin !== null && margin < least ? 'margin' : null
  }
  return {
    version: 1,
    createdAt: context.now().toISOString(),
    sha256: collection.sha256,
    request,
    documents: documents.length,
    queries: written.map(({ text, document }, i) => ({
      query: text,
      document: collection.documents.ids[document],
      rank: ranks[i],
      margin: margins[i],
      dropped: dropped(i),
    })),
  }
}

/** What each query finds, its own document among it. */
async function rank(
  collection: Collection,
  written: readonly WrittenQuery[],
  depth: number,
  { generation: { roundTripBy }, encoder }: GenerateRequest,
  context: OperationContext,
): Promise<Ranking[]> {
  const asked = withGeneratedQueries(collection, written)
  const first = collection.queries.ids.length
  const rows = Int32Array.from(written, (_, i) => first + i)
  const vectors = roundTripBy === 'dense' ? await encode(asked, rows, encoder, context) : undefined
  const teacher = await createTeacher(roundTripBy, { collection: asked, vectors })
  const phase = `look for ${written.length.toLocaleString('en')} documents of ${collection.id}`
  try {
    return await teacher.order(rows, depth, {
      signal: context.signal,
      onProgress: meter(phase, 'queries', context),
    })
  } finally {
    await teacher.dispose()
  }
}

async function encode(
  collection: Collection,
  queries: Int32Array,
  id: string,
  context: OperationContext,
): Promise<CollectionVectors> {
  const [first] = listTasks(collection)
  // Whichever card: all queries are asked of the same corpus.
  const task: Task = { ...first, train: { ...first.train, queries } }
  const encoder = await context.openEncoder(id)
  return encodeCollection(
    { collection, tasks: [task], trained: [], encoder, splits: ['train'] },
    context,
  ).finally(() => encoder.dispose())
}

async function readMargins(
  collection: Collection,
  written: readonly WrittenQuery[],
  rankings: readonly Ranking[],
  reranker: string,
  context: OperationContext,
): Promise<(number | null)[]> {
  const scorer = await context.openPairScorer(reranker, READ_TOGETHER)
  const phase = `read ${written.length.toLocaleString('en')} queries of ${collection.id} with what they find`
  return crossEncoderMargins(written, rankings, collection.documents.texts, scorer, {
    signal: context.signal,
    onProgress: meter(phase, 'pairs', context),
  }).finally(() => scorer.dispose())
}

function meter(phase: string, unit: string, { emit, now }: OperationContext) {
  return progressMeter({ phase, unit, emit, now })
}
