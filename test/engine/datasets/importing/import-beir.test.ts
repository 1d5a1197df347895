import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { importBeir } from '../../../../src/main/engine/datasets/importing/import-beir'
import type { ImportProgress } from '../../../../src/main/engine/datasets/importing/import-walk'
import { loadCollection } from '../../../../src/main/engine/datasets/load-collection'
import { listTasks } from '../../../../src/main/engine/datasets/tasks'
import { type Files, HEADER, jsonl, smallDataset, temporaryFolder, writeFolder } from '../small-dataset'

let temporary: ReturnType<typeof temporaryFolder>
let workspace: string
beforeEach(() => {
  temporary = temporaryFolder()
  workspace = join(temporary.path, 'workspace')
})
afterEach(() => temporary.remove())

const now = () => new Date('2026-01-02T03:04:05Z')
const importFiles = (files: Files, more: Partial<Parameters<typeof importBeir>[0]> = {}) =>
  importBeir({ source: writeFolder(join(temporary.path, 'small'), files), workspace, now, ...more })
const stored = (path: string) => readFileSync(join(workspace, 'datasets/small', path), 'utf8')
const left = () => (existsSync(join(workspace, 'datasets')) ? readdirSync(join(workspace, 'datasets')) : [])

describe('importBeir', () => {
  it('copies a folder and records what is in it', async () => {
    const progress: ImportProgress[] = []
    const record = await importFiles(smallDataset(), { onProgress: (one) => progress.push(one) })
    expect(record).toMatchObject({
      id: 'small',
      title: 'small',
      importedAt: '2026-01-02T03:04:05.000Z',
      exclude: 'none',
      protocol: { hideShown: false, testQueriesPerTask: null, examples: 16 },
      documents: 4,
      queries: 6,
      cards: 1,
      splits: {
        train: { queries: 2, judgments: 3 },
        dev: { queries: 1, judgments: 1 },
        test: { queries: 2, judgments: 3 },
      },
      devFrom: 'given',
    })
    for (const [path, text] of Object.entries(smallDataset())) expect(stored(path)).toBe(text)
    expect(JSON.parse(stored('dataset.json'))).toEqual(record)
    expect(progress.at(-1)).toMatchObject({ done: progress.at(-1)!.total, unit: 'bytes' })
    expect(left()).toEqual(['small'])
  })

  it('has the digest of its files as sha256sum prints them', async () => {
    const { sha256 } = await importFiles(smallDataset())
    const hash = (text: string) => createHash('sha256').update(text).digest('hex')
    const files = Object.entries(smallDataset()).sort(([a], [b]) => (a < b ? -1 : 1))
    expect(sha256).toBe(hash(files.map(([path, text]) => `${hash(text)}  ${path}\n`).join('')))
  })

  it('finds the dataset in one folder inside, past system files, and takes what SOURCE.json says', async () => {
    const protocol = { hideShown: true, testQueriesPerTask: 7, examples: 3 }
    const about = { title: 'Small', licence: 'CC0', exclude: 'same-id', protocol, note: 'for tests', docs: 4 }
    const files = { ...smallDataset(), 'SOURCE.json': JSON.stringify(about) }
    const nested = Object.fromEntries(Object.entries(files).map(([path, text]) => [`inner/${path}`, text]))
    const record = await importFiles(
      { ...nested, '.hidden/corpus.jsonl': '', 'notes.txt': 'x' },
      { id: 'other' },
    )
    expect(record).toMatchObject({
      id: 'other',
      title: 'Small',
      licence: 'CC0',
      summary: 'for tests',
      exclude: 'same-id',
      protocol,
    })
  })

  it('draws dev from train where there is none: the tenth with the smallest sha1(id)', async () => {
    const ids = Array.from({ length: 30 }, (_, i) => `t${i}`)
    const { 'qrels/dev.tsv': _, ...rest } = smallDataset()
    const record = await importFiles({
      ...rest,
      'queries.jsonl': rest['queries.jsonl'] + jsonl(ids.map((id) => ({ _id: id, text: `ask ${id}` }))),
      'qrels/train.tsv': HEADER + ids.map((id) => `${id}\td1\t1\n${id}\td2\t1\n`).join(''),
    })
    const sha1 = (id: string) => createHash('sha1').update(id).digest('hex')
    const expected = ids.sort((a, b) => (sha1(a) < sha1(b) ? -1 : 1)).slice(0, 3)
    expect(record).toMatchObject({
      devFrom: 'train',
      splits: { train: { queries: 27, judgments: 54 }, dev: { queries: 3, judgments: 6 } },
    })
    const queriesOf = (split: string) =>
      new Set(
        stored(`qrels/${split}.tsv`)
          .split('\n')
          .slice(1, -1)
          .map((line) => line.split('\t')[0]),
      )
    expect(queriesOf('dev')).toEqual(new Set(expected))
    expect([...queriesOf('train')].filter((id) => expected.includes(id))).toEqual([])
  })

  it('hashes the judged queries of a collection without train split, whatever their split was', async () => {
    const ids = Array.from({ length: 20 }, (_, i) => `t${i}`)
    const lines = (from: number, to: number) =>
      HEADER +
      ids
        .slice(from, to)
        .map((id) => `${id}\td1\t1\n${id}\td2\t0\n`)
        .join('')
    const { 'qrels/train.tsv': _, ...rest } = smallDataset()
    const record = await importFiles(
      {
        ...rest,
        'queries.jsonl': jsonl([...ids, 'idle'].map((id) => ({ _id: id, text: `ask ${id}` }))),
        'qrels/dev.tsv': lines(0, 6),
        'qrels/test.tsv': lines(6, 20),
        'qrels/test-hard.tsv': lines(18, 20),
        'qrels/base-docs.tsv': lines(0, 2),
      },
      { split: { train: 50, dev: 20, test: 30 } },
    )
    const sha1 = (id: string) => createHash('sha1').update(id).digest('hex')
    const order = ids.toSorted((a, b) => (sha1(a) < sha1(b) ? -1 : 1))
    const queriesOf = (split: string) =>
      new Set(
        stored(`qrels/${split}.tsv`)
          .split('\n')
          .slice(1, -1)
          .map((line) => line.split('\t')[0]),
      )
    expect(queriesOf('train')).toEqual(new Set(order.slice(0, 10)))
    expect(queriesOf('dev')).toEqual(new Set(order.slice(10, 14)))
    expect(queriesOf('test')).toEqual(new Set(order.slice(14)))
    expect(record).toMatchObject({
      devFrom: 'hashed',
      hashed: { train: 50, dev: 20, test: 30 },
      splits: {
        train: { queries: 10, judgments: 20 },
        dev: { queries: 4 },
        test: { queries: 6 },
        'base-docs': { queries: 2 },
      },
    })
    // A part of test goes with its queries.
    const place = (id: string) => (order.indexOf(id) < 10 ? 'train' : order.indexOf(id) < 14 ? 'dev' : 'test')
    for (const id of ['t18', 't19']) expect(queriesOf(`${place(id)}-hard`)).toContain(id)
  })

  it('hashes nothing where there is a train split, or too few queries for three', async () => {
    const split = { train: 50, dev: 20, test: 30 }
    await expect(importFiles(smallDataset(), { split })).rejects.toMatchObject({ code: 'DATASET_LAYOUT' })
    const { 'qrels/train.tsv': _, 'qrels/dev.tsv': __, ...rest } = smallDataset()
    await expect(importFiles(rest, { split })).rejects.toMatchObject({ code: 'DATASET_LAYOUT' })
  })

  it('reads CRLF, blank lines and a byte order mark', async () => {
    const files = Object.fromEntries(
      Object.entries(smallDataset()).map(([path, text]) => [
        path,
        `\uFEFF${text.replaceAll('\n', '\r\n')}\r\n`,
      ]),
    )
    const record = await importFiles(files)
    expect(record).toMatchObject({ documents: 4, queries: 6 })
    expect(stored('corpus.jsonl')).toBe(smallDataset()['corpus.jsonl'])
  })

  it('takes a collection with many cards', async () => {
    const cards = ['a', 'b'].map((id) => ({
      card: { version: 1, id, name: id, description: `find ${id}`, examples: [] },
      members: ['d1', 'd2'],
    }))
    const record = await importFiles({
      ...smallDataset(),
      'cards.jsonl': jsonl(cards),
      'qrels/train.tsv': `${HEADER.trimEnd()}\tcard-id\nq1\td1\t1\ta\nq1\td1\t1\tb\nq2\td2\t1\tb\n`,
      'qrels/dev.tsv': `${HEADER.trimEnd()}\tcard-id\n`,
      'qrels/test.tsv': `${HEADER.trimEnd()}\tcard-id\nq4\td4\t1\ta\n`,
    })
    expect(record.cards).toBe(2)
    expect(record.splits.train).toEqual({ queries: 3, judgments: 3 })
  })

  it('gives judgments to the cards that list their query, and leaves the qrels of the source as they are', async () => {
    const card = (id: string) => ({ id, name: id, description: `find ${id}` })
    const record = await importFiles({
      ...smallDataset(),
      'cards.jsonl': jsonl([
        { card: card('sea'), queries: ['q1', 'q4'], factors: { relation: 'near', category: 'sea' } },
        { card: card('all'), queries: ['q1', 'q2', 'q3', 'q4', 'q5'], members: ['d1', 'd4'] },
        { card: card('again'), membersOf: 'all' },
      ]),
    })
    expect(record.cards).toBe(3)
    expect(record.splits).toMatchObject({ train: { queries: 3, judgments: 5 }, test: { queries: 3 } })
    const header = `${HEADER.trimEnd()}\tcard-id\n`
    expect(stored('qrels/train.tsv')).toBe(
      `${header}q1\td1\t2\tsea\nq1\td1\t2\tall\nq1\td4\t1\tsea\nq1\td4\t1\tall\nq2\td2\t1\tall\n`,
    )
    const collection = await loadCollection(
      join(workspace, 'datasets', record.id),
      resolve('resources/cards'),
    )
    const [sea, all, again] = listTasks(collection)
    expect([sea.train.queries.length, all.train.queries.length, again.train.queries.length]).toEqual([
      1, 2, 0,
    ])
    expect(sea.factors).toEqual({ relation: 'near', category: 'sea' })
    expect(all.factors).toBeUndefined()
    expect(again.members).toBe(all.members)
  })
})

describe('bad input', () => {
  const small = smallDataset()
  const without = (...paths: string[]) =>
    Object.fromEntries(Object.entries(small).filter(([path]) => !paths.includes(path)))
  const oneCard = jsonl([{ card: { id: 'a', name: 'a', description: 'find a' }, members: ['d1'] }])
  const cases: [string, string, Files, RegExp?][] = [
    ['no corpus', 'DATASET_LAYOUT', without('corpus.jsonl')],
    ['no queries', 'DATASET_LAYOUT', without('queries.jsonl')],
    ['no qrels', 'DATASET_LAYOUT', without('qrels/train.tsv', 'qrels/dev.tsv', 'qrels/test.tsv')],
    ['two datasets', 'DATASET_LAYOUT', { ...small, 'more/corpus.jsonl': '', 'more/qrels/test.tsv': '' }],
    ['an empty corpus', 'DATASET_EMPTY', { ...small, 'corpus.jsonl': '' }],
    ['an empty query set', 'DATASET_EMPTY', { ...small, 'queries.jsonl': '\n' }],
    [
      'nothing relevant',
      'DATASET_EMPTY',
      { ...without('qrels/train.tsv', 'qrels/dev.tsv'), 'qrels/test.tsv': `${HEADER}q1\td1\t0\n` },
    ],
    [
      'a bad JSON line',
      'DATASET_LINE',
      { ...small, 'corpus.jsonl': `${small['corpus.jsonl']}{"_id": "d9", "text"\n` },
      /corpus\.jsonl:5$/,
    ],
    [
      'a document without text',
      'DATASET_LINE',
      { ...small, 'corpus.jsonl': `{"_id":"d0","title":"x"}\n${small['corpus.jsonl']}` },
      /corpus\.jsonl:1$/,
    ],
    [
      'an empty query',
      'DATASET_LINE',
      { ...small, 'queries.jsonl': `${small['queries.jsonl']}\n{"_id":"q9","text":" "}\n` },
      /queries\.jsonl:8$/,
    ],
    [
      'a document twice',
      'DATASET_DUPLICATE_ID',
      { ...small, 'corpus.jsonl': `${small['corpus.jsonl']}{"_id":"d1","text":"x"}\n` },
      /corpus\.jsonl:5$/,
    ],
    [
      'a query twice',
      'DATASET_DUPLICATE_ID',
      { ...small, 'queries.jsonl': `${small['queries.jsonl']}{"_id":"q1","text":"x"}\n` },
      /queries\.jsonl:7$/,
    ],
    [
      'a judgment for an unknown query',
      'QRELS_UNKNOWN_QUERY',
      { ...small, 'qrels/test.tsv': `${small['qrels/test.tsv']}q77\td1\t1\n` },
      /test\.tsv:5$/,
    ],
    [
      'a judgment twice',
      'QRELS_DUPLICATE',
      { ...small, 'qrels/dev.tsv': `${small['qrels/dev.tsv']}q3\td1\t1\nq3\td3\t0\n` },
      /dev\.tsv:4$/,
    ],
    [
      'qrels of commas',
      'DATASET_LINE',
      { ...small, 'qrels/test.tsv': 'query-id,corpus-id,score\n' },
      /test\.tsv:1$/,
    ],
    [
      'qrels without scores',
      'DATASET_LINE',
      { ...small, 'qrels/test.tsv': 'query-id\tcorpus-id\nq4\td4\n' },
      /test\.tsv:1$/,
    ],
    ...[
      ...['q1\td1', 'q1 d1 1', 'q1\td1\tone', 'q1\td1\t', 'q1\td1\t1\ta', '\td1\t1'],
      ...['0x10', '1e3', ' 5 ', 'Infinity', '0.5', '16777217'].map((grade) => `q1\td1\t${grade}`),
    ].map((line): [string, string, Files, RegExp] => [
      `the qrels line ${JSON.stringify(line)}`,
      'DATASET_LINE',
      { ...small, 'qrels/test.tsv': `${HEADER}${line}\n` },
      /test\.tsv:2$/,
    ]),
    [
      'a card column without cards',
      'DATASET_LAYOUT',
      { ...small, 'qrels/test.tsv': `${HEADER.trimEnd()}\tcard-id\nq4\td4\t1\ta\n` },
      /test\.tsv:2$/,
    ],
    [
      'an unknown card',
      'DATASET_LINE',
      {
        ...small,
        'cards.jsonl': oneCard,
        'qrels/test.tsv': `${HEADER.trimEnd()}\tcard-id\nq4\td4\t1\tzz\n`,
      },
      /test\.tsv:2$/,
    ],
    [
      'a card without description',
      'DATASET_LINE',
      { ...small, 'cards.jsonl': '{"card":{"id":"a","name":"a","description":" "}}\n' },
      /cards\.jsonl:1$/,
    ],
    [
      'an unknown member',
      'DATASET_LINE',
      { ...small, 'cards.jsonl': oneCard.replace('d1', 'd99') },
      /cards\.jsonl:1$/,
    ],
    [
      'a query that no card lists',
      'DATASET_LINE',
      { ...small, 'cards.jsonl': oneCard.replace('"members":["d1"]', '"queries":["q1","q2","q3","q4"]') },
      /test\.tsv:4$/,
    ],
    [
      'a card that lists an unknown query',
      'DATASET_LINE',
      { ...small, 'cards.jsonl': oneCard.replace('"members":["d1"]', '"queries":["q1","q99"]') },
      /cards\.jsonl:1$/,
    ],
    [
      'members of a later card',
      'DATASET_LINE',
      { ...small, 'cards.jsonl': oneCard.replace('"members":["d1"]', '"membersOf":"b"') },
      /cards\.jsonl:1$/,
    ],
    [
      'members twice over',
      'DATASET_LINE',
      { ...small, 'cards.jsonl': oneCard.replace('"members":["d1"]', '"members":["d1"],"membersOf":"a"') },
      /cards\.jsonl:1$/,
    ],
    [
      'factors without any',
      'DATASET_LINE',
      { ...small, 'cards.jsonl': oneCard.replace('"members":["d1"]', '"factors":{}') },
      /cards\.jsonl:1$/,
    ],
    [
      'half a character in an id',
      'DATASET_LINE',
      { ...small, 'corpus.jsonl': `${small['corpus.jsonl']}{"_id":"\\ud83d","text":"x"}\n` },
      /corpus\.jsonl:5$/,
    ],
    [
      'cards that differ in letter case alone',
      'DATASET_DUPLICATE_ID',
      { ...small, 'cards.jsonl': oneCard + oneCard.replace('"id":"a"', '"id":"A"') },
      /cards\.jsonl:2$/,
    ],
    [
      'a card whose name no file can have',
      'DATASET_LINE',
      { ...small, 'cards.jsonl': oneCard.replace('"id":"a"', `"id":"${'é'.repeat(65)}"`) },
      /cards\.jsonl:1$/,
    ],
    [
      'two names of dev',
      'DATASET_LAYOUT',
      { ...without('qrels/dev.tsv'), 'qrels/val.tsv': HEADER, 'qrels/valid.tsv': HEADER },
    ],
    ['a broken SOURCE.json', 'FILE_INVALID', { ...small, 'SOURCE.json': '{' }, /SOURCE\.json$/],
  ]

  it.each(cases)('%s is %s and leaves nothing behind', async (_, code, files, where) => {
    await expect(importFiles(files)).rejects.toMatchObject({
      name: 'HydraError',
      code,
      detail: {
        expected: expect.stringMatching(/./),
        got: expect.stringMatching(/./),
        remedy: expect.stringMatching(/./),
        ...(where ? { where: expect.stringMatching(where) } : {}),
      },
    })
    expect(left()).toEqual([])
  })

  it('a source that is not there is FILE_MISSING', async () => {
    const source = join(temporary.path, 'nowhere.zip')
    await expect(importBeir({ source, workspace, now })).rejects.toMatchObject({ code: 'FILE_MISSING' })
  })

  it('an id that is taken is DATASET_EXISTS, and the first dataset stays', async () => {
    const first = await importFiles(small)
    await expect(importFiles(small)).rejects.toMatchObject({ code: 'DATASET_EXISTS' })
    expect(JSON.parse(stored('dataset.json'))).toEqual(first)
    expect(left()).toEqual(['small'])
  })

  it.each(['../up', '.hidden', 'a/b', '', 'x'.repeat(65), 'é'.repeat(33)])(
    'the id %j is USAGE',
    async (id) => {
      await expect(importFiles(small, { id })).rejects.toMatchObject({ code: 'USAGE' })
    },
  )

  it('cancelled half-way leaves nothing behind', async () => {
    const controller = new AbortController()
    const importing = importFiles(small, { signal: controller.signal, onProgress: () => controller.abort() })
    await expect(importing).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(left()).toEqual([])
  })
})
