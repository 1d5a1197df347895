import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { modelFolder, modelMeta } from '../../../../src/main/engine/reporting/mteb/model-meta'
import { mtebTaskOf, mtebTasks, type TestedData } from '../../../../src/main/engine/reporting/mteb/mteb-tasks'
import { taskResult } from '../../../../src/main/engine/reporting/mteb/task-result'

const FIXTURES = join(import.meta.dirname, '../../../fixtures/mteb')
/** What MTEB made of the files: test/oracle/mteb_results.py. */
const recorded = JSON.parse(await readFile(join(FIXTURES, 'read-by-mteb.json'), 'utf8'))

const meta = modelMeta({
  row: 'task card',
  kind: 'dense',
  encoder: 'all-MiniLM-L6-v2',
  revision: '20261128-061455-train-s1-seen-k16',
  trainedOn: ['SciFact', 'trees'],
})
const means = {
  'nDCG@10': 0.8037,
  'MRR@10': 0.77,
  'Recall@100': 0.95,
  'AP@100': 0.76,
  'P@5': 0.2,
  bpref: 0.7,
}
const results = [
  { task: 'scifact', documents: 5183, split: 'test' as const, queries: 300 },
  { task: 'trees', documents: 10, split: 'test' as const, queries: 10 },
].map((data, i) => ({
  data,
  named: mtebTaskOf(data),
  seconds: [1.25, null][i],
}))

describe('MTEB', () => {
  it('has the tasks that we name, with these languages and sizes', () => {
    expect(mtebTasks).toEqual(recorded.tasks)
  })

  it('reads the files as they are written today', async () => {
    const folder = join(FIXTURES, 'results', modelFolder(meta.name), meta.revision)
    const files = [
      ['model_meta.json', meta] as const,
      ...results.map(({ named, seconds }) => {
        const result = taskResult({ task: named, revision: 'f'.repeat(64), split: 'test', means, seconds })
        return [`${named.name}.json`, result] as const
      }),
    ]
    const hashes: Record<string, string> = {}
    for (const [name, value] of files) {
      const text = `${JSON.stringify(value, null, 2)}\n`
      await expect(text).toMatchFileSnapshot(join(folder, name))
      hashes[`${modelFolder(meta.name)}/${meta.revision}/${name}`] = createHash('sha256')
        .update(text)
        .digest('hex')
    }
    // Other texts than MTEB has read: run test/oracle/mteb_results.py again.
    expect(recorded.files).toEqual(hashes)
  })

  it('finds model, task, split, score, languages and the task’s own time in them', () => {
    const common = {
      model: 'hydra-workbench/all-MiniLM-L6-v2-task-card',
      revision: meta.revision,
      splits: ['test'],
      subsets: ['default'],
      main_score: 0.8037,
    }
    expect(recorded.read).toEqual([
      { ...common, task: 'SciFact', languages: ['eng-Latn'], seconds: 1.25 },
      { ...common, task: 'trees', languages: ['und-Zyyy'], seconds: null },
    ])
  })
})

describe('the name of a task', () => {
  it('is MTEB’s only where the data has its size', () => {
    expect(mtebTaskOf({ task: 'nfcorpus', documents: 3633, split: 'test', queries: 323 })).toMatchObject({
      name: 'NFCorpus',
    })
  })

  it.each<[string, TestedData]>([
    ['another collection of that name', { task: 'cosqa', documents: 6267, split: 'test', queries: 500 }],
    ['fewer queries', { task: 'scifact', documents: 5183, split: 'test', queries: 299 }],
    ['dev queries', { task: 'scifact', documents: 5183, split: 'dev', queries: 300 }],
    ['data that is gone', { task: 'scifact', documents: null, split: 'test', queries: 300 }],
    ['no task of MTEB', { task: 'trees', documents: 10, split: 'test', queries: 10 }],
    ['a name of every object', { task: 'constructor', documents: 10, split: 'test', queries: 10 }],
  ])('stays our id, and says so: %s', (_what, data) => {
    const { name, languages, note } = mtebTaskOf(data)
    expect({ name, languages }).toEqual({ name: data.task, languages: ['und-Zyyy'] })
    expect(note).toContain(data.task)
  })

  it('makes no folder of a card', () => {
    expect(mtebTaskOf({ task: 'wordnet-finds/n1', documents: 10, split: 'test', queries: 10 }).name).toBe(
      'wordnet-finds__n1',
    )
  })
})

it('measures that MTEB has no name for are left out', () => {
  const { scores } = taskResult({
    task: results[0].named,
    revision: '',
    split: 'test',
    means,
    seconds: 1,
  }) as {
    scores: { test: Record<string, unknown>[] }
  }
  expect(Object.keys(scores.test[0]).sort()).toEqual(
    [
      'hf_subset',
      'languages',
      'main_score',
      'map_at_100',
      'mrr_at_10',
      'ndcg_at_10',
      'precision_at_5',
      'recall_at_100',
    ].sort(),
  )
})

it.each([
  ['org/model?cut=256&query=a/b', 'task card', 'org/model'],
  ['all-MiniLM-L6-v2', 'frozen', 'sentence-transformers/all-MiniLM-L6-v2'],
  ['my__model', 'frozen', null],
])('a model of encoder %s is one organisation and one name', (encoder, row, adapted) => {
  const made = modelMeta({ row, kind: 'dense', encoder, revision: 'r', trainedOn: null })
  expect(made.name).toMatch(/^hydra-workbench\/[A-Za-z0-9.-]+$/)
  expect(made.adapted_from).toBe(adapted)
})

it('a ranking that no encoder made is not called after one', () => {
  const made = modelMeta({ row: 'BM25', kind: 'sparse', encoder: 'e', revision: 'r', trainedOn: null })
  expect(made).toMatchObject({ name: 'hydra-workbench/BM25', adapted_from: null, model_type: ['sparse'] })
})
