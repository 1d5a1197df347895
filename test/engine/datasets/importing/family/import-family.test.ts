import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type FamilyMember,
  holdsFamily,
  importFamily,
} from '../../../../../src/main/engine/datasets/importing/family/import-family'
import { loadCollection } from '../../../../../src/main/engine/datasets/load-collection'
import { HydraError } from '../../../../../src/shared/errors'
import { type Files, smallDataset, temporaryFolder, writeFolder, zipOf } from '../../small-dataset'
import { smallFamily } from '../../small-family'

let temporary: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  temporary = temporaryFolder()
})
afterEach(() => temporary.remove())

const now = () => new Date(0)

function place(files: Files, name: string): string {
  const source = join(temporary.path, name)
  if (!name.endsWith('.zip')) return writeFolder(source, files)
  writeFileSync(source, zipOf(files))
  return source
}

async function importAll(source: string, options: { id?: string; signal?: AbortSignal } = {}) {
  const members: FamilyMember[] = []
  const workspace = join(temporary.path, 'workspace')
  for await (const member of importFamily({ source, workspace, now, ...options })) members.push(member)
  return members
}
const outcomes = (members: readonly FamilyMember[]) =>
  members.map(({ corpus, outcome }) => [
    corpus,
    outcome instanceof HydraError ? outcome.code : `${outcome.family} ${outcome.id}`,
  ])

describe('a family', () => {
  it.each([
    ['kinds.zip', smallFamily()],
    ['kinds (2).zip', smallFamily('data/set/')],
    ['kinds', smallFamily('')],
  ])('%s: what is sound is imported, what is not is said', async (name, files) => {
    expect(outcomes(await importAll(place(files, name)))).toEqual([
      ['_hidden', 'kinds kinds._hidden'],
      ['broken', 'DATASET_LINE'],
      ['ports', 'kinds kinds.ports'],
    ])
  })

  it('gives each corpus its own card, or one of its id, and what the family says of itself', async () => {
    const members = await importAll(place(smallFamily(), 'kinds.zip'), { id: 'other' })
    const ports = members.at(-1)?.outcome
    expect(ports).toMatchObject({
      id: 'other.ports',
      title: 'Ports',
      licence: 'CC0-1.0',
      source: 'made for a test',
      cards: 1,
      protocol: { hideShown: false },
    })
    const load = (id: string) => loadCollection(join(temporary.path, 'workspace', 'datasets', id), 'nowhere')
    const { cards, judgments } = await load('other.ports')
    expect(cards[0].card).toMatchObject({ id: 'other.ports', description: 'find what is said of ports' })
    expect(judgments.get('other.ports')?.get('train')?.queries).toHaveLength(2)
    expect((await load('other._hidden')).cards[0].card.name).toBe('other._hidden')
  })

  it('is told from one dataset, and from one inside another', async () => {
    const small = smallDataset()
    const below = (prefix: string) =>
      Object.fromEntries(Object.entries(small).map(([path, text]) => [prefix + path, text]))
    expect(await holdsFamily(place(smallFamily(), 'a.zip'))).toBe(true)
    expect(await holdsFamily(place(small, 'b.zip'))).toBe(false)
    expect(await holdsFamily(place(below('one/'), 'c.zip'))).toBe(false)
    expect(await holdsFamily(place({ ...small, ...below('more/') }, 'd.zip'))).toBe(false)
    expect(await holdsFamily(place({ ...below('x/a/'), ...below('y/a/') }, 'e.zip'))).toBe(false)
    expect(await holdsFamily(join(temporary.path, 'nothing.zip'))).toBe(false)
    await expect(importAll(place(below('one/'), 'f.zip'))).rejects.toMatchObject({ code: 'DATASET_LAYOUT' })
  })

  it('says what lacks a file, has a bad card, two kinds of cards, a name too long, or is there already', async () => {
    const family = smallFamily('')
    const { 'ports/corpus.jsonl': _, ...lacking } = family
    const card = JSON.stringify({ card: { id: 'a', name: 'a', description: 'a' } })
    const long = `${'l'.repeat(60)}/`
    const source = place(
      {
        ...lacking,
        'one/corpus.jsonl': family['_hidden/corpus.jsonl'],
        '_hidden/card.json': '{"name": ""}',
        'broken/queries.jsonl': family['_hidden/queries.jsonl'],
        'broken/card.json': '{"name": "b", "description": "b"}',
        'broken/cards.jsonl': card,
        ...Object.fromEntries(Object.entries(smallDataset()).map(([path, text]) => [long + path, text])),
      },
      'kinds',
    )
    const codes = Object.fromEntries(outcomes(await importAll(source)))
    expect(codes).toEqual({
      _hidden: 'CARD_INVALID',
      broken: 'DATASET_LAYOUT',
      [long.slice(0, -1)]: 'USAGE',
      one: 'DATASET_LAYOUT',
      ports: 'DATASET_LAYOUT',
    })
    const again = place(smallFamily(), 'kinds.zip')
    await importAll(again)
    expect(outcomes(await importAll(again)).at(-1)).toEqual(['ports', 'DATASET_EXISTS'])
  })

  it('ends when it is cancelled, and keeps what was whole', async () => {
    const stop = new AbortController()
    const members: FamilyMember[] = []
    const source = place(smallFamily(), 'kinds.zip')
    const workspace = join(temporary.path, 'workspace')
    await expect(async () => {
      for await (const member of importFamily({ source, workspace, now, signal: stop.signal })) {
        members.push(member)
        stop.abort()
      }
    }).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(outcomes(members)).toEqual([['_hidden', 'kinds kinds._hidden']])
    const record = JSON.parse(
      readFileSync(join(workspace, 'datasets', 'kinds._hidden', 'dataset.json'), 'utf8'),
    )
    expect(record.documents).toBe(4)
  })
})
