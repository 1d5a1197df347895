import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findTexts, textsById } from '../../../../src/main/engine/datasets/browsing/find-texts'
import { indexLines } from '../../../../src/main/engine/datasets/browsing/line-index'
import { textQuery } from '../../../../src/main/engine/datasets/browsing/text-query'
import { lineId, parseTextRecord } from '../../../../src/main/engine/datasets/browsing/text-record'
import { temporaryFolder } from '../../../temporary-folder'

async function indexed(records: readonly object[]) {
  const path = join(await temporaryFolder(), 'corpus.jsonl')
  await writeFile(path, records.map((record) => `${JSON.stringify(record)}\n`).join(''))
  return indexLines(path)
}

describe('what is looked for in texts', () => {
  const record = { id: 'D-7', title: 'The Harbour', text: 'Ships lie\nat the "old" pier. ΟΔΟΣ' }
  it.each([
    ['harbour', true],
    ['pier HARBOUR', true],
    ['arbo', true],
    ['d-7', true],
    ['"ships lie"', true],
    ['"lie ships"', false],
    ['"at the"', true],
    ['"the pier"', false],
    ['οδοσ', true],
    ['pier anchor', false],
  ])('%s is found: %s', (words, found) => {
    expect(textQuery(words).matches(record)).toBe(found)
  })

  it('never passes over a line that matches', () => {
    const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(words, words, words, (before, word, after) => {
        const query = textQuery(word)
        const text = before + word + after
        if (query.matches({ id: 'a', title: '', text }))
          expect(query.mayMatch(JSON.stringify({ _id: 'a', text }))).toBe(true)
      }),
    )
  })
})

describe('a search', () => {
  it('answers within its moment and goes on from where it stopped', async () => {
    const texts = Array.from({ length: 5000 }, (_, i) => ({
      _id: `d${i}`,
      text: i % 40 === 39 ? 'a needle in hay' : 'hay',
    }))
    const index = await indexed(texts)
    const query = textQuery('needle')
    const rows: number[] = []
    let answers = 0
    for (let from: number | null = 0; from !== null; answers++) {
      const { hits, next } = await findTexts({ index, query, from, milliseconds: 0 })
      rows.push(...hits.map(({ row }) => row))
      if (next !== null) expect(next).toBeGreaterThan(from)
      from = next
    }
    expect(rows).toEqual(texts.flatMap(({ text }, row) => (text.includes('needle') ? [row] : [])))
    expect(answers).toBeGreaterThan(2)
  })

  it('stops when it is cancelled', async () => {
    const index = await indexed([{ _id: 'd', text: 'a' }])
    const signal = AbortSignal.abort()
    const search = findTexts({ index, query: textQuery('a'), from: 0, milliseconds: 100, signal })
    await expect(search).rejects.toMatchObject({ code: 'CANCELLED' })
  })
})

describe('texts by their ids', () => {
  it('come with their rows, whatever stands first in a line', async () => {
    const index = await indexed([
      { _id: 'a"b', text: 'one' },
      { title: 'T', text: 'two', _id: 'second' },
      { _id: 'c', title: ' Three ', text: '3' },
    ])
    const found = await textsById(index, new Set(['second', 'a"b', 'nowhere']))
    expect([...found.values()]).toEqual([
      { row: 0, id: 'a"b', title: '', text: 'one' },
      { row: 1, id: 'second', title: 'T', text: 'two' },
    ])
    expect(lineId('{"_id": "plain", "text": "x"}')).toBe('plain')
    expect(parseTextRecord('{"_id":"c","title":null,"text":"x"}')).toEqual({ id: 'c', title: '', text: 'x' })
  })
})
