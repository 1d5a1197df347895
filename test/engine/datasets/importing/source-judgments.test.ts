import { describe, expect, it } from 'vitest'
import { importFaults } from '../../../../src/main/engine/datasets/importing/import-faults'
import { readSourceJudgments } from '../../../../src/main/engine/datasets/importing/source-judgments'

async function read(text: string) {
  async function* chunks() {
    yield Buffer.from(text)
  }
  const faults = importFaults()
  const file = { where: 'test.tsv', bytes: text.length, open: async () => chunks() }
  const found = []
  for await (const { judgments } of readSourceJudgments(file, faults)) found.push(...judgments)
  faults.throwIfAny()
  return found.filter((one) => one !== null)
}
const asked = [
  { query: 'q1', document: 'd1', grade: 2, card: null },
  { query: 'q2', document: 'd2', grade: 0, card: null },
]

describe('judgments as others write them', () => {
  it.each([
    ['BEIR', 'query-id\tcorpus-id\tscore\nq1\td1\t2\nq2\td2\t0\n'],
    ['with a byte order mark and CRLF', '\uFEFFquery-id\tcorpus-id\tscore\r\nq1\td1\t2\r\n\r\nq2\td2\t0\r\n'],
    ['another order of columns', 'corpus-id\tscore\tquery-id\nd1\t2\tq1\nd2\t0\tq2\n'],
    ['other names', 'qid\tdocno\trelevance\nq1\td1\t2\nq2\td2\t0\n'],
    ['capitals and a column more', 'Query_ID\tsplit\tDoc_ID\tLabel\nq1\ttest\td1\t2\nq2\ttest\td2\t0\n'],
    ['TREC’s columns by name', 'query_id\titeration\tdoc_id\trelevance\nq1\t0\td1\t2\nq2\t0\td2\t0\n'],
    ['grades as a table of floats', 'query-id\tcorpus-id\tscore\nq1\td1\t2.0\nq2\td2\t0.0\n'],
    ['no header', 'q1\td1\t2\nq2\td2\t0\n'],
    ['TREC', 'q1 0 d1 2\nq2  0\td2 0\n'.replace('\t', ' ')],
    ['TREC with tabs', 'q1\tQ0\td1\t2\nq2\tQ0\td2\t0\n'],
    ['three fields with spaces', 'q1 d1 2\nq2 d2 0\n'],
  ])('%s', async (_, text) => {
    expect(await read(text)).toEqual(asked)
  })

  it('may name a card without a header', async () => {
    expect(await read('q1\td1\t2\tsea\n')).toEqual([{ ...asked[0], card: 'sea' }])
  })

  it('keep white space in ids where tabs part the fields', async () => {
    expect(await read('query-id\tcorpus-id\tscore\nq 1\td 1\t1\n')).toMatchObject([
      { query: 'q 1', document: 'd 1' },
    ])
  })
})

it.each([
  'query-id,corpus-id,score\nq1,d1,1\n',
  'query-id\tcorpus-id\nq1\td1\n',
  'query-id\tqid\tcorpus-id\tscore\nq\tq\td\t1\n',
  'q1\td1\n',
  'q1\td1\tgood\n',
])('refuses what begins as %j, with its line', async (text) => {
  await expect(read(text)).rejects.toMatchObject({ code: 'DATASET_LINE', detail: { where: 'test.tsv:1' } })
})
