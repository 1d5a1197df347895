import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { importBeir } from '../../../src/main/engine/datasets/importing/import-beir'
import { datasetSearch } from '../../../src/main/pipeline/datasets/dataset-search'
import { datasetStatistics } from '../../../src/main/pipeline/datasets/dataset-statistics'
import { datasetText } from '../../../src/main/pipeline/datasets/dataset-text'
import { datasetTexts } from '../../../src/main/pipeline/datasets/dataset-texts'
import type { OperationContext } from '../../../src/main/pipeline/operation'
import { smallDataset, writeFolder } from '../../engine/datasets/small-dataset'
import { madeContext } from '../../made-context'
import { temporaryFolder } from '../../temporary-folder'

const appRoot = resolve(import.meta.dirname, '../../..')

async function imported(files = smallDataset()): Promise<OperationContext> {
  const workspace = await temporaryFolder()
  const source = writeFolder(join(workspace, 'source'), files)
  await importBeir({ source, id: 'small', workspace, now: () => new Date(0) })
  return madeContext(workspace, { appRoot })
}

describe('the texts of a dataset', () => {
  it('come in windows, in the order of the file', async () => {
    const context = await imported()
    const ask = (from: number, most: number) =>
      datasetTexts.run({ id: 'small', of: 'documents', from, most }, context)
    const { total, rows } = await ask(1, 2)
    expect(total).toBe(4)
    expect(rows).toEqual([
      { row: 1, id: 'd2', title: '', text: 'a violin and its bow', characters: 20 },
      { row: 2, id: 'd3', title: '', text: 'bread from the oven', characters: 19 },
    ])
    expect((await ask(3, 100)).rows.map(({ id }) => id)).toEqual(['d4'])
    expect((await ask(4, 100)).rows).toEqual([])
  })

  it('of a split are its queries', async () => {
    const context = await imported()
    const ask = (split: string, from = 0) =>
      datasetTexts.run({ id: 'small', of: 'queries', from, most: 100, split }, context)
    expect((await ask('train')).rows.map(({ id, row }) => [id, row])).toEqual([
      ['q1', 0],
      ['q2', 1],
    ])
    expect(await ask('test', 1)).toMatchObject({ total: 2, rows: [{ id: 'q5' }] })
    await expect(ask('nowhere')).rejects.toMatchObject({ code: 'USAGE' })
  })

  it('are cut in lists between characters, and whole when one is opened', async () => {
    const long = `${'x'.repeat(279)}😀 and more`
    const files = smallDataset()
    files['corpus.jsonl'] += `${JSON.stringify({ _id: 'd5', text: long })}\n`
    const context = await imported(files)
    const { rows } = await datasetTexts.run({ id: 'small', of: 'documents', from: 4, most: 1 }, context)
    expect(rows[0]).toMatchObject({ text: 'x'.repeat(279), characters: long.length })
    const whole = await datasetText.run({ id: 'small', of: 'documents', text: 'd5' }, context)
    expect(whole.text).toBe(long)
  })

  it('are opened with their judgments, the best first, from either side', async () => {
    const context = await imported()
    const document = await datasetText.run({ id: 'small', of: 'documents', text: 'd1' }, context)
    expect(document).toMatchObject({ row: 0, title: 'Harbour', words: 5, judgments: 2 })
    expect(document.judged).toEqual([
      { split: 'train', card: null, grade: 2, id: 'q1', title: '', text: 'where do boats lie?' },
      { split: 'test', card: null, grade: 0, id: 'q4', title: '', text: 'dark water' },
    ])
    const query = await datasetText.run({ id: 'small', of: 'queries', text: 'q4' }, context)
    expect(query.judged.map(({ id, grade }) => [id, grade])).toEqual([
      ['d4', 1],
      ['d1', 0],
    ])
    await expect(
      datasetText.run({ id: 'small', of: 'documents', text: 'nowhere' }, context),
    ).rejects.toMatchObject({ code: 'TEXT_UNKNOWN' })
  })

  it('name a judged document that the corpus lacks', async () => {
    const files = smallDataset()
    files['qrels/test.tsv'] += 'q4\tgone\t1\n'
    const context = await imported(files)
    const { judged } = await datasetText.run({ id: 'small', of: 'queries', text: 'q4' }, context)
    expect(judged.find(({ id }) => id === 'gone')).toMatchObject({ text: null, grade: 1 })
  })

  it('are searched', async () => {
    const context = await imported()
    const search = (text: string, of: 'documents' | 'queries' = 'documents') =>
      datasetSearch.run({ id: 'small', of, text, from: 0 }, context)
    expect(await search('SEA night')).toMatchObject({ hits: [{ row: 3, id: 'd4' }], next: null, total: 4 })
    expect((await search('instrument', 'queries')).hits.map(({ id }) => id)).toEqual(['q2', 'q5'])
    expect((await search('nothing of this')).hits).toEqual([])
  })
})

describe('how long they are', () => {
  it('is counted in words of all and tokens of some, and kept in the cache', async () => {
    const files = smallDataset()
    files['corpus.jsonl'] += `${JSON.stringify({ _id: 'd5', text: 'word '.repeat(600) })}\n`
    const context = await imported(files)
    const counted = await datasetStatistics.run({ id: 'small' }, context)
    expect(counted.documents.words).toMatchObject({ texts: 5, empty: 0, longest: 600 })
    expect(counted.documents.tokens.longest).toBe(602)
    expect(counted.documents.cut).toBeCloseTo(0.2)
    expect(counted.queries.words).toMatchObject({ texts: 6, longest: 4 })
    const again = await datasetStatistics.run({ id: 'small' }, madeContext(context.workspace))
    expect(again).toEqual(counted)
  })
})
