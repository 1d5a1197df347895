import type { Task } from '../../engine/datasets/collection'
import type { EncodedCollection } from '../../engine/preferences/encoded-collection'
import type { CachedPairScorer } from '../../engine/teachers/pair-score-cache'
import type { CollectionVectors, TeacherMaterial } from '../../engine/teachers/teacher'
import { encodeCollection } from '../encoding/encode-collections'
import type { OperationContext } from '../operation'

export interface OpenedMaterial {
  readonly material: TeacherMaterial
  /** Fingerprints of the encoders and cross-encoders that were opened so far. */
  models(): string[]
  /** Pairs asked of cross-encoders so far, and those of them that the cache did not know. */
  pairs(): { asked: number; scored: number }
  dispose(): Promise<void>
}

/** What teachers of one task may look at, with encoders and cross-encoders opened when one asks for them. */
export function teacherMaterial(
  options: {
    readonly task: Task
    /** By the encoder that is being taught. */
    readonly encoded: EncodedCollection
    /** Splits whose queries a teacher is asked. */
    readonly splits: readonly ('train' | 'dev' | 'test')[]
  },
  context: OperationContext,
): OpenedMaterial {
  const { task, encoded, splits } = options
  const { collection } = task
  const vectors = new Map<string, Promise<CollectionVectors>>()
  const scorers = new Map<string, Promise<CachedPairScorer>>()
  const opened: CachedPairScorer[] = []
  const models: string[] = []

  async function encode(id: string): Promise<CollectionVectors> {
    const encoder = await context.openEncoder(id)
    models.push(encoder.fingerprint)
    try {
      return await encodeCollection({ collection, tasks: [task], trained: [], encoder, splits }, context)
    } finally {
      await encoder.dispose()
    }
  }

  async function openScorer(model: string, maxTokens: number): Promise<CachedPairScorer> {
    const scorer = await context.openPairScorer(model, maxTokens)
    models.push(scorer.fingerprint)
    opened.push(scorer)
    return scorer
  }

  return {
    material: {
      collection,
      task,
      vectors: { documents: encoded.documents, queries: encoded.queries },
      encode: (id) => once(vectors, id, () => encode(id)),
      openPairScorer: (model, maxTokens) =>
        once(scorers, JSON.stringify([model, maxTokens]), () => openScorer(model, maxTokens)),
    },
    models: () => [...models],
    pairs() {
      const counts = opened.map((scorer) => scorer.counts())
      return {
        asked: counts.reduce((sum, { asked }) => sum + asked, 0),
        scored: counts.reduce((sum, { scored }) => sum + scored, 0),
      }
    },
    async dispose() {
      await Promise.all(opened.map((scorer) => scorer.dispose()))
    },
  }
}

function once<T>(made: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = made.get(key)
  if (known) return known
  const fresh = make()
  made.set(key, fresh)
  return fresh
}
