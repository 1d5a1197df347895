import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RELATES_RELATIONS } from '../../../../src/main/engine/datasets/wordnet/relates-relations'
import { wordNetRelates } from '../../../../src/main/engine/datasets/wordnet/wordnet-relates'
import { builtWordNet, digest, judgmentDigests } from '../built-wordnet'
import { temporaryFolder } from '../small-dataset'

const golden = JSON.parse(readFileSync(resolve('test/fixtures/wordnet-relates.json'), 'utf8'))
const temporary = temporaryFolder()

let built: Awaited<ReturnType<typeof builtWordNet>>
beforeAll(async () => {
  built = await builtWordNet(wordNetRelates, join(temporary.path, 'workspace'))
}, 300_000)
afterAll(() => temporary.remove())

describe('wordnet-relates', () => {
  it('has the corpus, the tasks and the judgments of the independent build', () => {
    const { folder, collection, tasks } = built
    expect(digest([...collection.documents.texts])).toBe(golden.texts)
    const ids = tasks.map(({ card }) => card.id)
    expect({ count: ids.length, sha256: digest(ids.toSorted()) }).toMatchObject({
      count: golden.tasks.count,
      sha256: golden.tasks.sha256,
    })
    expect(judgmentDigests(folder)).toEqual(golden.judgments)
  })

  it('was built a second time by what finds the published 2,153 tasks in the published split', () => {
    const { record } = built
    expect(golden.published.tasks).toBe(2153)
    expect(record).toMatchObject({ documents: 40_000, cards: golden.tasks.count, exclude: 'same-id' })
    expect(record.protocol).toMatchObject({ hideShown: true, testQueriesPerTask: 15 })
  })

  it('says of each card which relation and which category it is made of', () => {
    const { tasks } = built
    const counts: Record<string, number> = {}
    for (const { card, factors } of tasks) {
      expect(card.id).toBe(`${factors?.relation}.${factors?.category}`)
      counts[factors!.relation] = (counts[factors!.relation] ?? 0) + 1
    }
    expect(counts).toEqual(golden.tasks.relations)
    const wordings = RELATES_RELATIONS.filter(({ id }) => counts[id]).map(
      ({ id, description }) => `${id}\t${description}`,
    )
    expect(digest(wordings.sort())).toBe(golden.tasks.wordings)
    const task = tasks.find(({ card }) => card.name === 'body part: other parts of the same whole')!
    expect(task.card.description).toBe(
      'find the other parts or members of the whole to which the query belongs, among body part. body part: any part of ' +
        'an organism such as an organ or extremity',
    )
    expect(task.card.wordings).toHaveLength(8)
    expect(task.card.wordings![0]).toBe(task.card.description)
    expect(new Set(task.card.wordings).size).toBe(8)
  })

  it('gives the cards of one category one set of documents, written once', () => {
    const { folder, tasks } = built
    const byCategory = new Map(tasks.map(({ factors, members }) => [factors!.category, members]))
    for (const { factors, members } of tasks) expect(members).toBe(byCategory.get(factors!.category))
    const lists = readFileSync(join(folder, 'cards.jsonl'), 'utf8').match(/"members":\[/g)
    expect(lists).toHaveLength(byCategory.size)
  })

  it('asks only where the category matters: every query has something related outside it', () => {
    const { tasks } = built
    const siblings = tasks.filter(({ factors }) => factors!.relation === 'sibling')
    const widest = siblings.reduce((a, b) => (a.members!.length >= b.members!.length ? a : b))
    const narrow = siblings.find(
      ({ members }) => members!.length < 100 && members!.every((row) => widest.members!.includes(row)),
    )!
    for (const task of [widest, narrow]) {
      const inside = new Set(task.members)
      expect(task.test.queries.length).toBeGreaterThanOrEqual(5)
      expect(task.test.queries.length).toBeLessThanOrEqual(15)
      expect(task.train.queries.length).toBeGreaterThanOrEqual(20)
      expect(task.test.documents.every((row) => inside.has(row))).toBe(true)
    }
  })
})
