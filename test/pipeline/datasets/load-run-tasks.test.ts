import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { importBeir } from '../../../src/main/engine/datasets/importing/import-beir'
import { loadRunTasks } from '../../../src/main/pipeline/datasets/load-run-tasks'
import type { OperationContext } from '../../../src/main/pipeline/operation'
import { type HoldOut, type RunRecord, trainRequestSchema } from '../../../src/shared/schemas/run'
import { makeCollection } from '../../engine/datasets/made-collection'
import { HEADER, jsonl, writeFolder } from '../../engine/datasets/small-dataset'
import { madeContext } from '../../made-context'
import { temporaryFolder } from '../../temporary-folder'

const LONG = `Long things have a first sentence. ${'Word '.repeat(20_000)}`

/** A dataset of a few documents, some of them awkward, with test queries alone unless `train` is given. */
async function workspaceWith(
  documents: readonly Record<string, string>[],
  train?: string,
): Promise<OperationContext> {
  const folder = await temporaryFolder()
  const workspace = join(folder, 'workspace')
  await mkdir(workspace)
  const source = writeFolder(join(folder, 'odd'), {
    'corpus.jsonl': jsonl(documents),
    'queries.jsonl': jsonl([
      { _id: 'q1', text: 'what is asked' },
      { _id: 'q2', text: 'what is asked in training' },
    ]),
    'qrels/test.tsv': `${HEADER}q1\td1\t1\n`,
    ...(train === undefined ? {} : { 'qrels/train.tsv': `${HEADER}${train}` }),
  })
  await importBeir({ source, workspace, now: () => new Date(0) })
  return madeContext(workspace, { appRoot: folder })
}

const run = (overrides: Record<string, unknown> = {}) =>
  ({
    kind: 'train',
    recipe: null,
    datasets: [] as { id: string; sha256: string }[],
    seen: [] as string[],
    unseen: [] as string[],
    request: { ...trainRequestSchema.parse({ tasks: ['odd'], overrides }), splitSeed: 1 },
  }) as unknown as RunRecord

/** 20 cards of which some overlap, each with one train query. */
const many = makeCollection(
  'many',
  Array.from({ length: 20 }, (_, i) => ({
    id: `c${i}`,
    members: [3 * i, 3 * i + 1, 3 * i + 3, 3 * i + 4],
    train: [[i, [[3 * i, 1]]]],
  })),
  {
    documents: Array.from({ length: 70 }, (_, i) => `document ${i}`),
    queries: Array.from({ length: 20 }, (_, i) => `query ${i}`),
  },
)
const splitOf = async (seed: number, splitSeed: number, holdOut: HoldOut) => {
  const request = trainRequestSchema.parse({ tasks: ['many/*'], unseen: 0.2, holdOut, seed })
  const asked = { ...run(), request: { ...request, splitSeed } }
  const never = {} as OperationContext
  const { seen, unseen } = await loadRunTasks(asked, never, () => Promise.resolve(many))
  return { unseen: unseen.map(({ id }) => id), seen: seen.map(({ id }) => id) }
}

const pseudo = run({ queries: 'pseudo', pseudoQueries: 2, teacher: { name: 'bm25' } })
const DOCUMENTS = [
  { _id: 'd1', title: 'A title that asks', text: 'Body.' },
  { _id: 'd2', title: '', text: '' },
  { _id: 'd3', title: '', text: LONG },
]

describe('tasks of a run', () => {
  it('without train queries are TASK_UNUSABLE, with a word of what would do', async () => {
    const context = await workspaceWith(DOCUMENTS)
    await expect(loadRunTasks(run(), context)).rejects.toMatchObject({
      code: 'TASK_UNUSABLE',
      detail: {
        got: expect.stringContaining('odd'),
        command: expect.stringContaining('queries=pseudo'),
      },
    })
  })

  it('are split by the split seed alone; the seed orders those that are trained', async () => {
    const seed = fc.integer({ min: 0, max: 1000 })
    await fc.assert(
      fc.asyncProperty(
        seed,
        seed,
        seed,
        fc.constantFrom('strict', 'one-way', 'loose'),
        async (a, b, split, rule) => {
          const [one, other] = await Promise.all([splitOf(a, split, rule), splitOf(b, split, rule)])
          expect(one.unseen).toEqual(other.unseen)
          expect(one.seen.toSorted()).toEqual(other.seen.toSorted())
        },
      ),
    )
    expect((await splitOf(1, 1, 'strict')).unseen).not.toEqual((await splitOf(1, 2, 'strict')).unseen)
    expect((await splitOf(1, 1, 'strict')).seen).not.toEqual((await splitOf(2, 1, 'strict')).seen)
  })

  it('may have a single train query', async () => {
    const { seen, bare } = await loadRunTasks(run(), await workspaceWith(DOCUMENTS, 'q2\td1\t1\n'))
    expect(seen.map(({ train }) => [...train.queries])).toEqual([[1]])
    expect(bare).toEqual([])
  })

  it('are split as the run says once it was written down, and missed where one is gone', async () => {
    const context = await workspaceWith(DOCUMENTS, 'q2\td1\t1\n')
    const recorded = await loadRunTasks({ ...run({}), id: 'r', unseen: ['odd'], seen: ['odd'] }, context)
    expect([recorded.seen, recorded.unseen].map((tasks) => tasks.map(({ id }) => id))).toEqual([
      ['odd'],
      ['odd'],
    ])
    await expect(loadRunTasks({ ...run(), id: 'r', seen: ['gone'] }, context)).rejects.toMatchObject({
      code: 'TASK_UNKNOWN',
      detail: { got: expect.stringContaining('gone') },
    })
  })

  it('are asked by their documents where pseudo-queries are wanted, judged or not, empty and endless ones passed over', async () => {
    for (const train of [undefined, 'q2\td1\t1\n']) {
      const { seen, collections } = await loadRunTasks(pseudo, await workspaceWith(DOCUMENTS, train))
      const [{ train: asked, collection }] = seen
      const texts = Array.from(asked.queries, (query) => collection.queries.texts[query]).sort()
      expect(texts).toEqual(['A title that asks', 'Long things have a first sentence.'])
      expect(asked.documents).toHaveLength(0)
      // What the run records is the dataset on disk.
      expect(collections[0].sha256).not.toBe(collection.sha256)
    }
  })

  it('that have no document to make a pseudo-query of are TASK_UNUSABLE', async () => {
    const context = await workspaceWith([{ _id: 'd1', title: '', text: 'Short.' }])
    await expect(loadRunTasks(pseudo, context)).rejects.toMatchObject({ code: 'TASK_UNUSABLE' })
  })
})
