import { readdir, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { listTasks } from '../../../src/main/engine/datasets/tasks'
import type { Encoder } from '../../../src/main/engine/encoders/encoder'
import { createMatrix } from '../../../src/main/engine/numeric/matrix'
import type { EncodedCollection } from '../../../src/main/engine/preferences/encoded-collection'
import { cachedPairScorer } from '../../../src/main/engine/teachers/pair-score-cache'
import type { OperationContext } from '../../../src/main/pipeline/operation'
import { openTeacherLists } from '../../../src/main/pipeline/teachers/open-teacher-lists'
import type { JobEvent } from '../../../src/shared/schemas/job'
import { makeCollection } from '../../engine/datasets/made-collection'
import { madeContext } from '../../made-context'
import { temporaryFolder } from '../../temporary-folder'

const collection = makeCollection(
  'made',
  [
    {
      id: 'made',
      train: [
        [0, [[0, 1]]],
        [1, [[2, 1]]],
      ],
      dev: [[2, [[1, 1]]]],
    },
  ],
  {
    documents: ['red wine from france', 'green tea from china', 'black coffee', 'brown bread'],
    queries: ['red wine', 'coffee', 'tea'],
  },
)
const [task] = listTasks(collection)
/** Texts of one length have one vector. */
const vectors = (texts: readonly string[]) =>
  createMatrix(
    texts.length,
    2,
    Float32Array.from(texts.flatMap(({ length }) => [Math.cos(length), Math.sin(length)])),
  )
const encoded: EncodedCollection = {
  collection,
  documents: vectors([...collection.documents.texts]),
  queries: vectors(collection.queries.texts),
  documentMean: new Float32Array(2),
  queryMean: new Float32Array(2),
  centre: { queries: new Float32Array(2), documents: new Float32Array(2) },
}

/** A worker's context with models of our own, and what was done with them. */
async function workplace() {
  const workspace = await temporaryFolder()
  const events: JobEvent[] = []
  const done = { encoded: 0, scored: 0, disposed: 0 }
  const context: OperationContext = {
    ...madeContext(workspace),
    emit: (event) => events.push(event),
    async openEncoder(id) {
      const encoder: Encoder = {
        id,
        sha256: id,
        fingerprint: `fingerprint of ${id}`,
        dimensions: 2,
        async encode(texts) {
          done.encoded += texts.length
          return vectors(texts)
        },
        async dispose() {
          done.disposed++
        },
      }
      return encoder
    },
    async openPairScorer(id) {
      const scorer = {
        id,
        fingerprint: 'f'.repeat(64),
        async score(pairs: readonly (readonly [string, string])[]) {
          done.scored += pairs.length
          return Float32Array.from(pairs, ([query, document]) => (document.includes(query) ? 1 : -1))
        },
        async dispose() {
          done.disposed++
        },
      }
      return cachedPairScorer(scorer, join(workspace, 'cache', 'teachers'))
    },
    fork: () => Promise.reject(new Error('nothing to fork')),
  }
  const lists = async () => readdir(join(workspace, 'cache', 'teachers', 'lists')).catch(() => [])
  return { context, events, done, lists, folder: join(workspace, 'cache', 'teachers', 'lists') }
}
const asked = { teacher: 'bm25', task, encoded, encoder: 'student', depth: 2 }

describe('lists of a teacher', () => {
  it('are made once and then read, for each split of their own', async () => {
    const { context, events, lists } = await workplace()
    const made = await openTeacherLists(asked, context)
    expect([...made.queries]).toEqual([0, 1])
    expect(made.rankings.map(({ documents }) => documents[0])).toEqual([0, 2])
    const progress = events.length
    expect(progress).toBeGreaterThan(0)
    expect(await openTeacherLists(asked, context)).toEqual(made)
    expect(events).toHaveLength(progress)
    const dev = await openTeacherLists({ ...asked, split: 'dev' }, context)
    expect([...dev.queries]).toEqual([2])
    expect(await lists()).toHaveLength(2)
  })

  it('are made anew for other options, another student or another depth', async () => {
    const { context, lists } = await workplace()
    await openTeacherLists(asked, context)
    await openTeacherLists({ ...asked, options: { k1: 2 } }, context)
    await openTeacherLists({ ...asked, encoder: 'other' }, context)
    await openTeacherLists({ ...asked, depth: 1 }, context)
    expect(await lists()).toHaveLength(4)
    await openTeacherLists({ ...asked, options: { k1: 1.2 } }, context)
    expect(await lists()).toHaveLength(4)
  })

  it('are made anew where the file is damaged', async () => {
    const { context, lists, folder } = await workplace()
    const made = await openTeacherLists(asked, context)
    await truncate(join(folder, (await lists())[0]), 20)
    expect(await openTeacherLists(asked, context)).toEqual(made)
  })

  it('of further models give those back', async () => {
    const { context, done } = await workplace()
    const options = { base: 'dense', baseOptions: { encoder: 'bigger' }, depth: 3 }
    const { rankings } = await openTeacherLists({ ...asked, teacher: 'cross-encoder', options }, context)
    expect(rankings.map(({ documents }) => documents.length)).toEqual([2, 2])
    expect(done).toEqual({ encoded: collection.documents.ids.length + 3, scored: 6, disposed: 2 })
  })

  it('are cancelled with their job, and refuse what no teacher is', async () => {
    const { context, lists } = await workplace()
    const aborted = { ...context, signal: AbortSignal.abort() }
    await expect(openTeacherLists(asked, aborted)).rejects.toMatchObject({ code: 'CANCELLED' })
    const unknown = openTeacherLists({ ...asked, teacher: 'oracle' }, context)
    await expect(unknown).rejects.toMatchObject({ code: 'OPTION_UNKNOWN' })
    expect(await lists()).toEqual([])
  })
})
