import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { importBeir } from '../../../src/main/engine/datasets/importing/import-beir'
import { resolveGenerator } from '../../../src/main/engine/encoders/transformers/generator-model'
import type { Writing } from '../../../src/main/engine/encoders/transformers/query-generator'
import { openTransformersGenerator } from '../../../src/main/engine/encoders/transformers/transformers-generator'
import { suggestQueries } from '../../../src/main/pipeline/generation/suggest-queries'
import { type SuggestQueries, suggestQueriesSchema } from '../../../src/shared/schemas/generated-queries'
import type { JobEvent } from '../../../src/shared/schemas/job'
import { HEADER, jsonl, writeFolder } from '../../engine/datasets/small-dataset'
import { makeGenerator } from '../../engine/generation/tiny-generator'
import { madeContext } from '../../made-context'

const TREES = ['oak', 'ash', 'elm', 'fir', 'yew', 'birch']
const DOCUMENTS = [{ document: 'an oak, an ash' }, { document: 'the elm and the fir', documentId: 'd2' }]

let workspace: string

/** Of six trees that nobody asks for but oak (test), ash (dev) and elm (train and test). */
async function importTrees(id: string, hideShown: boolean): Promise<void> {
  const asked = ['oak', 'ash', 'elm', 'old elm']
  const judged = (...pairs: [query: string, tree: string][]) =>
    HEADER + pairs.map(([query, tree]) => `${query}\t${tree}\t1\n`).join('')
  const source = writeFolder(join(workspace, 'sources', id), {
    'corpus.jsonl': jsonl(TREES.map((tree) => ({ _id: tree, text: `the ${tree} is a tree` }))),
    'queries.jsonl': jsonl(
      asked.map((tree) => ({ _id: tree.replace(' ', '-'), text: `what of the ${tree}` })),
    ),
    'qrels/train.tsv': judged(['old-elm', 'elm']),
    'qrels/dev.tsv': judged(['ash', 'ash']),
    'qrels/test.tsv': judged(['oak', 'oak'], ['elm', 'elm']),
    'SOURCE.json': JSON.stringify({ protocol: { hideShown, testQueriesPerTask: null, examples: 2 } }),
  })
  await importBeir({ source, id, workspace, now: () => new Date(0) })
}

async function suggest(asked: Partial<SuggestQueries>, signal?: AbortSignal) {
  const events: JobEvent[] = []
  const disposed = vi.fn()
  const context = madeContext(workspace, {
    ...(signal && { signal }),
    emit: (event) => events.push(event),
    async openGenerator(name: string, writing: Writing) {
      const model = await resolveGenerator(name, [join(workspace, 'models')])
      const generator = await openTransformersGenerator(model, writing)
      return {
        ...generator,
        async dispose() {
          disposed()
          await generator.dispose()
        },
      }
    },
  })
  const request = suggestQueriesSchema.parse({ model: 'writer', of: { documents: DOCUMENTS }, ...asked })
  const answer = await suggestQueries
    .run(request, context)
    .finally(() => expect(disposed).toHaveBeenCalledOnce())
  return { ...answer, events }
}
const queries = ({ suggestions }: { suggestions: readonly { query: string }[] }) =>
  suggestions.map(({ query }) => query)

describe('suggest-queries', () => {
  beforeAll(async () => {
    workspace = await mkdtemp(join(tmpdir(), 'hydra-suggested-'))
    await mkdir(join(workspace, 'models'))
    await makeGenerator(join(workspace, 'models', 'writer'), 'seq2seq', [...TREES, 'tree'])
    await importTrees('trees', false)
    await importTrees('hidden', true)
  })
  afterAll(() => rm(workspace, { recursive: true }))

  it('has the model write of the documents of a card, the same for a seed', async () => {
    const first = await suggest({})
    expect(first.documents).toBe(2)
    expect(new Set(first.suggestions.map(({ document }) => document)).size).toBe(2)
    for (const { query, document, documentId } of first.suggestions) {
      for (const word of query.split(' ')) expect(document).toContain(word)
      expect(documentId).toBe(document.startsWith('an oak') ? undefined : 'd2')
    }
    expect(queries(await suggest({}))).toEqual(queries(first))
    const others = await Promise.all([2, 3, 4].map(async (seed) => queries(await suggest({ seed }))))
    expect(others.some((other) => String(other) !== String(queries(first)))).toBe(true)
    expect(first.events.at(-1)).toMatchObject({ type: 'progress', progress: { done: 2, total: 2 } })
  })

  it('suggests no query twice, and none that the card shows, in whatever case', async () => {
    const all = queries(await suggest({ perDocument: 10 }))
    expect(new Set(all).size).toBe(all.length)
    const rest = queries(await suggest({ perDocument: 10, shown: [all[0].toUpperCase()] }))
    expect(rest).toEqual(all.slice(1))
  })

  it('reads of a task no document that answers dev or test queries and none of train', async () => {
    const { suggestions, documents } = await suggest({ of: { task: 'trees' } })
    expect(documents).toBe(4)
    expect(new Set(suggestions.map(({ documentId }) => documentId))).toEqual(
      new Set(['elm', 'fir', 'yew', 'birch']),
    )
    expect((await suggest({ of: { task: 'trees', most: 2 } })).documents).toBe(2)
    // Where what a card shows is hidden from its test, it may show anything.
    expect((await suggest({ of: { task: 'hidden' } })).documents).toBe(6)
  })

  it('ends when it is cancelled, and its model with it', async () => {
    const controller = new AbortController()
    controller.abort()
    await expect(suggest({}, controller.signal)).rejects.toMatchObject({ code: 'CANCELLED' })
  })
})
