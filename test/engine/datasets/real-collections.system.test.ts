import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { importBeir } from '../../../src/main/engine/datasets/importing/import-beir'
import { loadCollection } from '../../../src/main/engine/datasets/load-collection'
import { listTasks } from '../../../src/main/engine/datasets/tasks'
import { lintQuickly } from '../../../src/main/engine/protocol/lint-dataset'
import { subjectOf } from '../../../src/main/engine/protocol/load-subject'
import { temporaryFolder } from './small-dataset'

const datasets = resolve('../shared/datasets')
const here = existsSync(datasets)
if (!here) console.log(`skipped: real collections are not at ${datasets}`)

/** Test queries, rule for own documents, where dev comes from, and what the quick rules find: code and count (docs/protocol.md). */
const collections: [string, number, string, string, Record<string, number>][] = [
  [
    'arguana',
    1406,
    'same-id',
    'none',
    {
      'duplicate-documents': 48,
      'no-train-split': 1,
      'own-documents': 1298,
      'query-is-document': 108,
      'unjudged-twins': 96,
      'unknown-documents': 5,
    },
  ],
  ['cisi', 76, 'none', 'none', { 'duplicate-documents': 2, 'no-train-split': 1, 'unjudged-twins': 2 }],
  ['climate-fever-evidence', 1061, 'none', 'none', { 'no-train-split': 1 }],
  ['cosqa', 500, 'none', 'given', { 'no-train-split': 1 }],
  ['cranfield', 225, 'none', 'none', { 'empty-documents': 2, 'no-train-split': 1, 'unused-split': 1 }],
  ['csfcube', 50, 'paper', 'none', { 'duplicate-documents': 4, 'no-train-split': 1, 'own-documents': 50 }],
  ['medical-question-pairs', 1524, 'none', 'none', { 'no-train-split': 1 }],
  [
    'metatool',
    2051,
    'none',
    'train',
    { 'dev-from-train': 1849, 'exemplar-document-shared': 458, 'repeated-queries': 1 },
  ],
  ['movies-ltr', 1627, 'none', 'train', { 'dev-from-train': 1465, 'exemplar-document-shared': 61 }],
  [
    'nfcorpus',
    323,
    'none',
    'given',
    {
      'duplicate-documents': 40,
      'exemplar-document-shared': 65,
      'repeated-queries': 4,
      'unjudged-twins': 112,
    },
  ],
  [
    'nl2bash',
    1175,
    'none',
    'train',
    { 'dev-from-train': 1017, 'duplicate-documents': 30, 'repeated-queries': 4, 'unjudged-twins': 5 },
  ],
  [
    'scifact',
    300,
    'none',
    'train',
    { 'dev-from-train': 81, 'exemplar-document-shared': 5, 'repeated-queries': 2 },
  ],
]

describe.skipIf(!here)('the collections of ../shared', () => {
  const temporary = temporaryFolder()
  afterAll(() => temporary.remove())

  it.each(collections)('%s', async (id, n, exclude, devFrom, findings) => {
    const source = join(datasets, `${id}.zip`)
    const record = await importBeir({ source, workspace: temporary.path, now: () => new Date(0) })
    expect(record).toMatchObject({ exclude, devFrom })
    const folder = join(temporary.path, 'datasets', id)
    const collection = await loadCollection(folder, resolve('resources/cards'))
    const found = await lintQuickly(await subjectOf(collection, folder))
    expect(Object.fromEntries(found.map(({ code, count }) => [code, count]))).toEqual(findings)
    const [task] = listTasks(collection)
    expect(task.id).toBe(id)
    const { queries, offsets, grades } = task.test
    const counted = queries.filter((_, i) =>
      grades.subarray(offsets[i], offsets[i + 1]).some((grade) => grade > 0),
    )
    expect(counted).toHaveLength(n)
    expect(task.card.examples).toHaveLength(record.splits.train ? 16 : 0)
  })
})
