import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listDatasets, readDatasetRecord } from '../../../src/main/engine/datasets/dataset-record'
import { importBeir } from '../../../src/main/engine/datasets/importing/import-beir'
import { loadCollection } from '../../../src/main/engine/datasets/load-collection'
import { listTasks } from '../../../src/main/engine/datasets/tasks'
import { cardSchema } from '../../../src/shared/schemas/card'
import { HEADER, jsonl, smallDataset, temporaryFolder, writeFolder } from './small-dataset'

const templates = resolve('resources/cards')
const temporary = temporaryFolder()
const workspace = join(temporary.path, 'workspace')
const folder = (id: string) => join(workspace, 'datasets', id)
const now = () => new Date(0)
const load = (id: string) => loadCollection(folder(id), templates)

beforeAll(async () => {
  const source = writeFolder(join(temporary.path, 'small'), smallDataset())
  await importBeir({ source, workspace, now })
  await importBeir({ source, workspace, now, id: 'scifact' })
})
afterAll(() => temporary.remove())

describe('loadCollection', () => {
  it('joins title and text, keeps the order of the files, and packs judgments', async () => {
    const collection = await load('small')
    expect(collection.documents).toEqual({
      ids: ['d1', 'd2', 'd3', 'd4'],
      texts: ['Harbour ships at the pier', 'a violin and its bow', 'bread from the oven', 'the sea at night'],
      titles: ['Harbour', '', '', ''],
    })
    expect(collection.queries.ids).toEqual(['q1', 'q2', 'q3', 'q4', 'q5', 'q6'])
    const judgments = collection.judgments.get('small')!
    expect([...judgments.keys()].sort()).toEqual(['dev', 'test', 'train'])
    expect(judgments.get('test')).toEqual({
      queries: Int32Array.of(3, 4),
      offsets: Int32Array.of(0, 2, 3),
      documents: Int32Array.of(3, 0, 1),
      grades: Float32Array.of(1, 0, 1),
    })
    expect(collection.sha256).toBe((await readDatasetRecord(folder('small'))).sha256)
  })

  it('makes a card of the title, or takes the template, with examples from train alone', async () => {
    const [plain] = (await load('small')).cards
    expect(plain.card).toMatchObject({ id: 'small', name: 'small' })
    expect(plain.card.examples).toHaveLength(2)
    expect(new Set(plain.card.examples.map(({ queryId }) => queryId))).toEqual(new Set(['q1', 'q2']))
    const [known] = (await load('scifact')).cards
    expect(known.card.description).toMatch(/^find the research abstract/)
  })

  it('keeps judged documents that the corpus lacks as −1', async () => {
    const files = smallDataset()
    const source = writeFolder(join(temporary.path, 'gaps'), {
      ...files,
      'qrels/test.tsv': `${files['qrels/test.tsv']}q5\tgone\t3\n`,
    })
    await importBeir({ source, workspace, now })
    const test = (await load('gaps')).judgments.get('gaps')!.get('test')!
    expect(test.documents).toEqual(Int32Array.of(3, 0, 1, -1))
    expect(test.grades).toEqual(Float32Array.of(1, 0, 1, 3))
  })

  it('groups judgments by card and query, whatever the order of the lines', async () => {
    const header = `${HEADER.trimEnd()}\tcard-id\n`
    const cards = ['a', 'b'].map((id) => ({
      card: { id, name: id, description: `find ${id}` },
      members: id === 'a' ? ['d4', 'd1'] : ['d2'],
    }))
    const source = writeFolder(join(temporary.path, 'carded'), {
      ...smallDataset(),
      'cards.jsonl': jsonl(cards),
      'qrels/train.tsv': `${header}q2\td2\t1\tb\nq1\td1\t1\ta\nq3\td4\t2\ta\nq1\td4\t3\ta\nq2\td2\t1\ta\n`,
      'qrels/dev.tsv': header,
      'qrels/test.tsv': `${header}q4\td4\t1\tb\n`,
    })
    await importBeir({ source, workspace, now })
    const collection = await load('carded')
    expect(collection.cards.map(({ members }) => members)).toEqual([Int32Array.of(3, 0), Int32Array.of(1)])
    expect(collection.cards.every(({ card }) => card.examples.length === 0)).toBe(true)
    const [a, b] = listTasks(collection)
    expect([a.id, b.id]).toEqual(['carded/a', 'carded/b'])
    expect(a.train).toEqual({
      queries: Int32Array.of(0, 2, 1),
      offsets: Int32Array.of(0, 2, 3, 4),
      documents: Int32Array.of(0, 3, 3, 1),
      grades: Float32Array.of(1, 3, 2, 1),
    })
    expect(b.train.queries).toEqual(Int32Array.of(1))
    expect(b.train.documents).toEqual(Int32Array.of(1))
    expect(a.test.queries).toHaveLength(0)
    expect(b.test.queries).toEqual(Int32Array.of(3))
  })

  it.each([
    ['same-id', 'q4', 'q4'],
    ['paper', 'p-7-method', 'p-7'],
  ] as const)('excludes by the rule %s', async (exclude, query, document) => {
    const files = smallDataset()
    const source = writeFolder(join(temporary.path, exclude), {
      ...files,
      'SOURCE.json': JSON.stringify({ exclude }),
      'corpus.jsonl': files['corpus.jsonl'] + jsonl([{ _id: document, text: 'own' }]),
      'queries.jsonl': files['queries.jsonl'].replace('"q6"', JSON.stringify(query === 'q4' ? 'q6' : query)),
    })
    await importBeir({ source, workspace, now })
    const collection = await load(exclude)
    const rows = Array.from(collection.ownDocument, (row) => (row < 0 ? null : collection.documents.ids[row]))
    expect(rows).toEqual(collection.queries.ids.map((id) => (id === query ? document : null)))
  })

  it('goes by the number of cards where the record of an earlier version says nothing of the protocol', async () => {
    for (const [id, protocol] of [
      ['small', { hideShown: false, testQueriesPerTask: null, examples: 16 }],
      ['carded', { hideShown: true, testQueriesPerTask: 30, examples: 4 }],
    ] as const) {
      const path = join(folder(id), 'dataset.json')
      const written = readFileSync(path, 'utf8')
      expect(JSON.parse(written).protocol).toEqual(protocol)
      writeFileSync(path, JSON.stringify({ ...JSON.parse(written), protocol: undefined }))
      expect((await load(id)).protocol).toEqual(protocol)
      writeFileSync(path, written)
    }
  })

  it('refuses a dataset that was changed by hand', async () => {
    const source = join(temporary.path, 'small')
    await importBeir({ source, workspace, now, id: 'damaged' })
    rmSync(join(folder('damaged'), 'queries.jsonl'))
    await expect(load('damaged')).rejects.toMatchObject({ code: 'FILE_INVALID' })
    rmSync(folder('damaged'), { recursive: true })
  })

  it('an unknown dataset is DATASET_UNKNOWN', async () => {
    await expect(load('nothing')).rejects.toMatchObject({ code: 'DATASET_UNKNOWN' })
  })
})

describe('the datasets of a workspace', () => {
  it('lists records by id, tells of broken ones, and passes over an import that was killed', async () => {
    const datasets = join(workspace, 'datasets')
    writeFolder(datasets, { 'broken/dataset.json': '{}', '.incoming-half-0a1b2c3d/corpus.jsonl': '' })
    const broken: string[] = []
    const ids = (await listDatasets(datasets, ({ code }) => broken.push(code))).map(({ id }) => id)
    expect(ids).toContain('small')
    expect(ids).toEqual([...ids].sort())
    expect(ids).not.toContain('broken')
    expect(broken).toEqual(['FILE_INVALID'])
    expect(await listDatasets(join(temporary.path, 'nowhere'))).toEqual([])
  })
})

describe('card templates', () => {
  it.each(readdirSync(templates))('%s is a valid card without examples of a collection', (name) => {
    const card = cardSchema.parse(JSON.parse(readFileSync(join(templates, name), 'utf8')))
    expect(`${card.id}.json`).toBe(name)
    expect(card.examples).toEqual([])
    expect(card.description).toMatch(/^find the /)
  })

  it('a broken template is CARD_INVALID', async () => {
    writeFileSync(join(temporary.path, 'small.json'), '{"id": "small"}')
    await expect(loadCollection(folder('small'), temporary.path)).rejects.toMatchObject({
      code: 'CARD_INVALID',
    })
  })
})
