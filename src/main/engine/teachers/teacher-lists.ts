import { createHash } from 'node:crypto'
import { HydraError } from '../../../shared/errors'
import { canonical } from '../../files/canonical'
import type { Task } from '../datasets/collection'
import { readSafetensors, writeSafetensors } from '../formats/safetensors'
import { firstNonFinite } from '../numeric/finite'
import type { Ranking } from '../retrieval/corpus-index'
import type { OrderOptions, Teacher } from './teacher'

/** One teacher's orderings of one task's queries. */
export interface TeacherLists {
  /** [n] rows of the collection's queries */
  readonly queries: Int32Array
  /** [n]; scores are on the teacher's own scale */
  readonly rankings: readonly Ranking[]
}

/** The teacher's lists for every query of a split, in the order of its judgments; labels are not looked at. */
export async function teacherLists(
  teacher: Teacher,
  task: Task,
  options: OrderOptions & { readonly depth: number; readonly split?: 'train' | 'dev' | 'test' },
): Promise<TeacherLists> {
  const { depth, split = 'train', signal, onProgress } = options
  const { queries } = task[split]
  return { queries, rankings: await teacher.order(queries, depth, { signal, onProgress }) }
}

/** Everything that decides a teacher's lists. */
export interface TeacherListsIdentity {
  readonly teacher: string
  /** With their defaults, as parseOptions gives them. */
  readonly options: unknown
  /** sha256 of the dataset, and the task within it. */
  readonly dataset: string
  readonly task: string
  /** Fingerprints of the encoders and cross-encoders that it looks through. */
  readonly models: readonly string[]
  readonly queries: Int32Array
  readonly depth: number
}

/** Raised when teachers order differently than before: lists of old are then made anew. */
const LISTS_VERSION = 1

/** Content hash under which lists are cached: 64 hexadecimal digits. */
export function teacherListsKey(identity: TeacherListsIdentity): string {
  const { teacher, options, dataset, task, models, queries, depth } = identity
  return createHash('sha256')
    .update(JSON.stringify([LISTS_VERSION, teacher, canonical(options), dataset, task, models, depth]))
    .update(Buffer.from(queries.buffer, queries.byteOffset, queries.byteLength))
    .digest('hex')
}

/** Lists as a safetensors file: `queries` [n], `offsets` [n + 1], `documents` and `scores` [Σ lengths]. */
export function encodeTeacherLists({ queries, rankings }: TeacherLists): Uint8Array {
  const offsets = new Int32Array(queries.length + 1)
  rankings.forEach(({ documents }, i) => {
    offsets[i + 1] = offsets[i] + documents.length
  })
  const total = offsets[queries.length]
  const documents = new Int32Array(total)
  const scores = new Float32Array(total)
  rankings.forEach((ranking, i) => {
    documents.set(ranking.documents, offsets[i])
    scores.set(ranking.scores, offsets[i])
  })
  return writeSafetensors(
    {
      queries: { dtype: 'I32', shape: [queries.length], data: queries },
      offsets: { dtype: 'I32', shape: [offsets.length], data: offsets },
      documents: { dtype: 'I32', shape: [total], data: documents },
      scores: { dtype: 'F32', shape: [total], data: scores },
    },
    { version: String(LISTS_VERSION) },
  )
}

/** @param where the file's path, for errors */
export function decodeTeacherLists(bytes: Uint8Array, where: string): TeacherLists {
  const { tensors } = readSafetensors(bytes, where)
  const { queries, offsets, documents, scores } = tensors
  const fits =
    queries?.dtype === 'I32' &&
    offsets?.dtype === 'I32' &&
    documents?.dtype === 'I32' &&
    scores?.dtype === 'F32' &&
    offsets.data.length === queries.data.length + 1 &&
    offsets.data.at(-1) === documents.data.length &&
    documents.data.length === scores.data.length &&
    firstNonFinite(scores.data) === null
  if (!fits) {
    throw new HydraError('FILE_INVALID', {
      expected: 'lists of a teacher: queries, offsets, documents and finite scores',
      got: Object.keys(tensors).join(', ') || 'no tensors',
      remedy: 'Delete the file: the lists are made anew.',
      where,
    })
  }
  return {
    queries: queries.data,
    rankings: Array.from(queries.data, (_, i) => ({
      documents: documents.data.subarray(offsets.data[i], offsets.data[i + 1]),
      scores: scores.data.subarray(offsets.data[i], offsets.data[i + 1]),
    })),
  }
}
