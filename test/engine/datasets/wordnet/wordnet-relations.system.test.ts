import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drawExemplars } from '../../../../src/main/engine/datasets/exemplars'
import { holdOut } from '../../../../src/main/engine/datasets/hold-out/hold-out'
import { wordNetRelations } from '../../../../src/main/engine/datasets/wordnet/wordnet-relations'
import { builtWordNet, digest, judgmentDigests } from '../built-wordnet'
import { temporaryFolder } from '../small-dataset'

const golden = JSON.parse(readFileSync(resolve('test/fixtures/wordnet-relations.json'), 'utf8'))
const temporary = temporaryFolder()

let built: Awaited<ReturnType<typeof builtWordNet>>
beforeAll(async () => {
  built = await builtWordNet(wordNetRelations, join(temporary.path, 'workspace'))
}, 300_000)
afterAll(() => temporary.remove())

describe('wordnet-relations', () => {
  it('has the corpus, the cards, the queries and the judgments of the independent build', () => {
    const { folder, collection, tasks } = built
    expect(digest([...collection.documents.texts])).toBe(golden.texts)
    expect(digest(tasks.map(({ card }) => `${card.id}\t${card.description}`))).toBe(golden.cards)
    const queries = tasks.map(({ card, train, dev, test }) => [
      card.id,
      { train: train.queries.length, dev: dev.queries.length, test: test.queries.length },
    ])
    expect(Object.fromEntries(queries)).toEqual(golden.queries)
    expect(judgmentDigests(folder)).toEqual(golden.judgments)
  })

  it('is recorded with its protocol, and its licence lies beside it', () => {
    const { record, folder, collection } = built
    expect(record).toMatchObject({
      documents: 9000,
      cards: 12,
      exclude: 'same-id',
      devFrom: 'given',
      protocol: { hideShown: false, testQueriesPerTask: null, examples: 16 },
    })
    expect(collection.protocol).toEqual(record.protocol)
    expect(existsSync(join(folder, 'LICENSE-wordnet'))).toBe(true)
  })

  it('leads where WordNet does: from hot to cold and temperature, and never to itself', () => {
    const { collection, tasks } = built
    const hot = collection.queries.texts.findIndex((text) => text.startsWith('hot: used of physical heat'))
    const found = (id: string) => {
      const task = tasks.find(({ card }) => card.id === id)!
      for (const { queries, offsets, documents } of [task.train, task.dev, task.test]) {
        const at = queries.indexOf(hot)
        if (at >= 0) return [...documents.subarray(offsets[at], offsets[at + 1])].map(textOf)
      }
      return []
    }
    const textOf = (row: number) => collection.documents.texts.at(row)!.split(':')[0]
    expect(found('antonym')).toEqual(['cold'])
    expect(found('attribute')).toEqual(['temperature'])
    for (const { train, dev, test } of tasks) {
      for (const { queries, offsets, documents } of [train, dev, test]) {
        queries.forEach((query, i) => {
          const own = collection.ownDocument[query]
          expect(collection.documents.ids[own]).toBe(collection.queries.ids[query])
          expect(documents.subarray(offsets[i], offsets[i + 1])).not.toContain(own)
        })
      }
    }
  })

  it('keeps the queries of the splits apart, for all relations together', () => {
    const { tasks } = built
    const [train, dev, test] = (['train', 'dev', 'test'] as const).map(
      (split) => new Set(tasks.flatMap((task) => [...task[split].queries])),
    )
    expect([...train].filter((query) => dev.has(query) || test.has(query))).toEqual([])
    expect([...dev].filter((query) => test.has(query))).toEqual([])
  })

  it('shows 16 train examples on each card, with their ids', () => {
    const { collection, tasks } = built
    for (const task of tasks) {
      const { queries } = drawExemplars(task, 16, 1)
      const ids = Array.from(queries, (query) => collection.queries.ids[query])
      expect(task.card.examples).toHaveLength(16)
      expect(task.card.examples.map(({ queryId }) => queryId)).toEqual(ids)
      expect([...queries].every((query) => task.train.queries.includes(query))).toBe(true)
    }
    expect(new Set(tasks.map(({ card }) => JSON.stringify(card.examples))).size).toBe(12)
  })

  it('can hold out one relation: sharing documents does not tie relations together', () => {
    const { tasks } = built
    const { seen, unseen, dropped } = holdOut(tasks, { unseen: 1 / 12, mode: 'strict', seed: 1 })
    expect([seen.length, unseen.length, dropped.length]).toEqual([11, 1, 0])
  })
})
