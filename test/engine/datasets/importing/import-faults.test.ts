import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { importBeir } from '../../../../src/main/engine/datasets/importing/import-beir'
import { type HydraError, toHydraError } from '../../../../src/shared/errors'
import { temporaryFolder } from '../../../temporary-folder'
import { type Files, HEADER, jsonl, smallDataset, writeFolder } from '../small-dataset'

async function faultOf(files: Files): Promise<HydraError> {
  const folder = await temporaryFolder()
  const source = writeFolder(join(folder, 'small'), files)
  const importing = importBeir({ source, workspace: join(folder, 'workspace'), now: () => new Date(0) })
  return importing.then(() => Promise.reject(new Error('was imported')), toHydraError)
}
const small = smallDataset()
const many = (line: (i: number) => string) => Array.from({ length: 13 }, (_, i) => `${line(i)}\n`).join('')
const card = (i: number) =>
  JSON.stringify({ card: { id: `c${i}`, name: 'c', description: 'find' }, members: ['d99'] })

describe('faults of a file', () => {
  it.each([
    ['corpus.jsonl', 'DATASET_LINE', { ...small, 'corpus.jsonl': many((i) => `{"_id":"x${i}"}`) }, 1],
    [
      'corpus.jsonl',
      'DATASET_DUPLICATE_ID',
      { ...small, 'corpus.jsonl': small['corpus.jsonl'] + many(() => '{"_id":"d1","text":""}') },
      5,
    ],
    ['queries.jsonl', 'DATASET_LINE', { ...small, 'queries.jsonl': many(() => 'no JSON') }, 1],
    ['cards.jsonl', 'DATASET_LINE', { ...small, 'cards.jsonl': many(card) }, 1],
    ['test.tsv', 'DATASET_LINE', { ...small, 'qrels/test.tsv': HEADER + many((i) => `q4\td${i}\t0x1`) }, 2],
    [
      'test.tsv',
      'QRELS_UNKNOWN_QUERY',
      { ...small, 'qrels/test.tsv': HEADER + many((i) => `q9\td${i}\t1`) },
      2,
    ],
    [
      'test.tsv',
      'QRELS_DUPLICATE',
      { ...small, 'qrels/test.tsv': small['qrels/test.tsv'] + many(() => 'q4\td4\t1') },
      5,
    ],
  ] as [string, string, Files, number][])(
    '%s: the first ten %s with their lines, and how many',
    async (name, code, files, first) => {
      const { code: got, detail } = await faultOf(files)
      expect(got).toBe(code)
      expect(detail.where?.endsWith(`${name}:${first}`)).toBe(true)
      expect(detail.got).toContain('13 faults')
      const lines = [...detail.got.matchAll(/^ {2}line (\d+): /gm)].map(([, line]) => Number(line))
      expect(lines).toEqual(Array.from({ length: 10 }, (_, i) => first + i))
    },
  )

  it('of several files are told together', async () => {
    const { detail } = await faultOf({
      ...small,
      'queries.jsonl': `${small['queries.jsonl']}{}\n`,
      'corpus.jsonl': `${jsonl([{ _id: '', text: 'x' }])}${small['corpus.jsonl']}no JSON\n`,
    })
    expect(detail.got).toMatch(
      /1 fault in .*queries\.jsonl:\n {2}line 7: [\s\S]*2 faults in .*corpus\.jsonl:\n {2}line 1: [\s\S]*\n {2}line 6: /,
    )
    const { detail: judged } = await faultOf({
      ...small,
      'qrels/dev.tsv': `${small['qrels/dev.tsv']}q9\td1\t1\n`,
      'qrels/test.tsv': 'query-id,corpus-id,score\n',
    })
    expect(judged.got).toMatch(/1 fault in .*dev\.tsv:[\s\S]*1 fault in .*test\.tsv:/)
  })

  it('do not say that a query is unknown whose own line is at fault', async () => {
    const { code, detail } = await faultOf({
      ...small,
      'queries.jsonl': small['queries.jsonl'].replace('dark water', ' '),
    })
    expect([code, detail.where?.endsWith('queries.jsonl:4')]).toEqual(['DATASET_LINE', true])
  })
})

it('an id that differs in normalisation or white space alone is said to', async () => {
  const files = { ...small, 'queries.jsonl': `${small['queries.jsonl']}{"_id":"\u00e9","text":"x"}\n` }
  const remedies = await Promise.all(
    ['e\u0301', ' q1', 'q77'].map(
      async (id) => (await faultOf({ ...files, 'qrels/dev.tsv': `${HEADER}${id}\td1\t1\n` })).detail.remedy,
    ),
  )
  expect(remedies[0]).toBe(remedies[1])
  expect(remedies[2]).not.toBe(remedies[0])
})
