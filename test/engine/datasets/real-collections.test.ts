import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { importBeir } from '../../../src/main/engine/datasets/import-beir'
import { loadCollection } from '../../../src/main/engine/datasets/load-collection'
import { listTasks } from '../../../src/main/engine/datasets/tasks'
import { temporaryFolder } from './small-dataset'

const datasets = resolve('../shared/datasets')
const here = existsSync(datasets)
if (!here) console.log(`skipped: real collections are not at ${datasets}`)

/** Test queries, rule for own documents, where dev comes from, and what the import must notice: code and count. */
const collections: [string, number, string, string, Record<string, number>][] = [
  [
    'arguana',
    1406,
    'same-id',
    'none',
    { 'unknown-documents': 5, 'own-documents': 1298, 'no-train-split': 1 },
  ],
  ['cisi', 76, 'none', 'none', { 'no-train-split': 1 }],
  ['climate-fever-evidence', 1061, 'none', 'none', { 'no-train-split': 1 }],
  ['cosqa', 500, 'none', 'given', { 'no-train-split': 1 }],
  ['cranfield', 225, 'none', 'none', { 'empty-documents': 2, 'no-train-split': 1 }],
  ['csfcube', 50, 'paper', 'none', { 'own-documents': 50, 'no-train-split': 1 }],
  ['medical-question-pairs', 1524, 'none', 'none', { 'no-train-split': 1 }],
  ['metatool', 2051, 'none', 'train', { 'repeated-queries': 1, 'dev-from-train': 1849 }],
  ['movies-ltr', 1627, 'none', 'train', { 'dev-from-train': 1465 }],
  ['nfcorpus', 323, 'none', 'given', { 'repeated-queries': 4 }],
  ['nl2bash', 1175, 'none', 'train', { 'repeated-queries': 4, 'dev-from-train': 1017 }],
  ['scifact', 300, 'none', 'train', { 'repeated-queries': 2, 'dev-from-train': 81 }],
]

describe.skipIf(!here)('the collections of ../shared', () => {
  const temporary = temporaryFolder()
  afterAll(() => temporary.remove())

  it.each(collections)('%s', async (id, n, exclude, devFrom, findings) => {
    const source = join(datasets, `${id}.zip`)
    const record = await importBeir({ source, workspace: temporary.path, now: () => new Date(0) })
    expect(record).toMatchObject({ exclude, devFrom })
    expect(Object.fromEntries(record.findings.map(({ code, count }) => [code, count]))).toEqual(findings)
    const collection = await loadCollection(join(temporary.path, 'datasets', id), resolve('resources/cards'))
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
