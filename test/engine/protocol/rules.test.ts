import { appendFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { row } from '../../../src/main/engine/numeric/matrix'
import { lintDataset, lintNotes, lintQuickly } from '../../../src/main/engine/protocol/lint-dataset'
import type { LintSubject } from '../../../src/main/engine/protocol/rule'
import { rules } from '../../../src/main/engine/protocol/rules'
import { createBm25Index } from '../../../src/main/engine/teachers/bm25-index'
import { findingSchema, type HashedSplits } from '../../../src/shared/schemas/dataset'
import { type Files, HEADER, jsonl, temporaryFolder } from '../datasets/small-dataset'
import {
  cleanDataset,
  DOCUMENTS,
  judge,
  lintSubject,
  TEST,
  TRAIN,
  wordTools,
  wordVectors,
} from './made-dataset'

let temporary: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  temporary = temporaryFolder()
})
afterEach(() => temporary.remove())

const clean = cleanDataset()
const without = (...paths: string[]) =>
  Object.fromEntries(Object.entries(clean).filter(([path]) => !paths.includes(path)))
const withDocuments = (...added: object[]) => ({
  ...clean,
  'corpus.jsonl': clean['corpus.jsonl'] + jsonl(added),
})
const withQueries = (...added: object[]) => ({
  ...clean,
  'queries.jsonl': clean['queries.jsonl'] + jsonl(added),
})
const withCard = (...examples: object[]) => ({
  ...clean,
  'cards.jsonl': jsonl([{ card: { id: 'made', name: 'made', description: 'find it', examples } }]),
})
const withTest = (lines: string, files: Files = clean) => ({
  ...files,
  'qrels/test.tsv': clean['qrels/test.tsv'] + lines,
})
const example = (query: { _id: string; text: string }, document: number) => ({
  query: query.text,
  document: DOCUMENTS[document].text,
  queryId: query._id,
  documentId: DOCUMENTS[document]._id,
})

/** The first documents of each test query, by scores of all documents. */
const firstOf = (count: number, scoresOf: (query: string) => ArrayLike<number>) =>
  HEADER +
  TEST.flatMap(({ _id, text }) => {
    const scores = scoresOf(text)
    const order = DOCUMENTS.map((_, document) => document).sort(
      (a, b) => scores[b] - scores[a] || (`d${a}` > `d${b}` ? -1 : 1),
    )
    return order.slice(0, count).map((document) => `${_id}\td${document}\t1\n`)
  }).join('')
const byWords = (query: string) => {
  const vectors = wordVectors([query, ...DOCUMENTS.map(({ text }) => text)])
  const [asked, ...others] = Array.from({ length: vectors.rows }, (_, i) => row(vectors, i))
  return others.map((document) => document.reduce((sum, value, i) => sum + value * asked[i], 0))
}
const bm25 = createBm25Index(
  DOCUMENTS.map(({ text }) => text),
  { k1: 1.2, b: 0.75, stem: true, stopWords: false, tokenizer: 'unicode' },
)

interface Planted {
  readonly files: Files
  readonly count: number
  readonly example?: string
  /** Rules that the same fault rightly wakes too. */
  readonly also?: readonly string[]
  readonly id?: string
  readonly encoder?: string
  readonly spoil?: (dataset: string) => void
  readonly split?: HashedSplits
}

/** One fault for each rule. */
const planted: Readonly<Record<string, Planted>> = {
  'unknown-queries': {
    files: clean,
    count: 1,
    example: 'ghost (qrels/test.tsv:42)',
    spoil: (dataset) => appendFileSync(join(dataset, 'qrels', 'test.tsv'), 'ghost\td1\t1\n'),
  },
  'unknown-documents': { files: withTest('test0\tgone\t1\n'), count: 1, example: 'gone (qrels/test.tsv:42)' },
  'empty-documents': {
    files: withDocuments({ _id: 'void', title: ' ', text: '' }),
    count: 1,
    example: 'void',
  },
  'duplicate-documents': {
    files: withDocuments({ _id: 'twin', text: ` ${DOCUMENTS[110].text.replace(' ', '  ')}` }),
    count: 1,
    example: 'twin = d110',
  },
  'unjudged-twins': {
    files: withDocuments({ _id: 'twin', text: DOCUMENTS[60].text }),
    count: 1,
    example: 'test0: d60 = twin',
    also: ['duplicate-documents'],
  },
  'repeated-queries': {
    files: withTest(
      'again\td105\t1\n',
      withQueries({ _id: 'again', text: TRAIN[3].text.replace(' ', '  ') }),
    ),
    count: 1,
    example: 'again = train3',
  },
  'near-duplicate-queries': {
    files: withTest('nearly\td105\t1\n', withQueries({ _id: 'nearly', text: `${TRAIN[3].text} word1` })),
    count: 1,
    example: 'nearly ≈ train3',
  },
  'query-is-document': {
    files: withDocuments({ _id: 'self', title: 'A heading', text: TEST[2].text }),
    count: 1,
    example: 'test2 is document self',
  },
  'own-documents': {
    files: {
      ...withDocuments({ _id: 'test2', text: TEST[2].text }),
      'SOURCE.json': '{"exclude": "same-id"}',
    },
    count: 1,
    example: 'test2',
  },
  'exemplar-from-test': {
    files: withCard(example(TRAIN[0], 0), { query: TEST[1].text, document: DOCUMENTS[1].text }),
    count: 1,
    example: JSON.stringify(TEST[1].text),
  },
  'exemplar-document-from-test': {
    files: withCard(example(TRAIN[0], 0), example(TRAIN[1], 64)),
    count: 1,
    example: 'test4: d64',
  },
  'exemplar-document-shared': {
    files: withTest('test4\td1\t1\n', withCard(example(TRAIN[0], 0), example(TRAIN[1], 1))),
    count: 1,
    example: 'test4: d1',
  },
  'few-test-queries': { files: { ...clean, 'qrels/test.tsv': judge(TEST.slice(0, 29), 60) }, count: 29 },
  'no-relevant-document': {
    files: withTest('idle\td105\t0\n', withQueries({ _id: 'idle', text: 'word7 word8' })),
    count: 1,
    example: 'idle',
  },
  'no-train-split': { files: without('qrels/train.tsv', 'qrels/dev.tsv'), count: 1 },
  'no-test-split': { files: without('qrels/test.tsv'), count: 1 },
  'no-dev-split': {
    files: { ...without('qrels/dev.tsv'), 'qrels/train.tsv': judge(TRAIN.slice(0, 4), 0) },
    count: 1,
  },
  'dev-from-train': { files: without('qrels/dev.tsv'), count: 4 },
  'hashed-splits': {
    files: {
      ...without('qrels/train.tsv', 'qrels/dev.tsv'),
      'qrels/test.tsv': judge([...TRAIN, ...TEST], 0),
    },
    split: { train: 30, dev: 20, test: 50 },
    count: 80,
  },
  'frozen-off-published': { files: clean, count: 1, id: 'scifact', encoder: 'all-MiniLM-L6-v2' },
  'escaped-ids': {
    files: withDocuments(
      { _id: 'two words', text: 'word1 word2 word3' },
      { _id: 'two%20words', text: 'word4 word5 word6' },
      { _id: '100%', text: 'word7 word8 word9' },
    ),
    count: 1,
    example: '"two words"',
  },
  'unused-split': {
    files: { ...clean, 'qrels/eval.tsv': judge(TEST, 60), 'qrels/test-part.tsv': judge(TEST, 60) },
    count: 1,
    example: 'eval',
  },
  'single-teacher-judgments': {
    files: { ...clean, 'qrels/test.tsv': firstOf(3, (query) => bm25.score(query)) },
    count: 40,
    also: ['exemplar-document-shared'],
  },
}

async function lint({
  files,
  id,
  encoder,
  spoil,
  split,
}: Pick<Planted, 'files' | 'id' | 'encoder' | 'spoil' | 'split'>) {
  const subject = await lintSubject(temporary.path, files, { id, spoil, split })
  const tools = 'collection' in subject ? wordTools(subject, encoder) : null
  return { subject, ...(await lintDataset(subject, tools)) }
}

describe('the protocol rules', () => {
  it('have a planted fault each', () => {
    expect(Object.keys(planted).sort()).toEqual(rules.map(({ name }) => name))
  })

  it.each([
    ['no-test-split', { 'qrels/test.tsv': HEADER }],
    ['no-dev-split', { 'qrels/dev.tsv': HEADER }],
    ['no-train-split', { 'qrels/train.tsv': HEADER }],
  ])('%s: a file without judgments is no split', async (code, files) => {
    const { findings } = await lint({ files: { ...clean, ...files } })
    expect(findings.map((finding) => finding.code)).toContain(code)
  })

  it('are silent on a clean collection, all of them', async () => {
    const { findings, checked, skipped } = await lint({ files: clean })
    expect(findings).toEqual([])
    expect(checked).toEqual(rules.map(({ name }) => name))
    expect(skipped).toEqual([])
  })

  it.each(Object.entries(planted))('%s finds its fault and no other rule does', async (code, fault) => {
    const { findings } = await lint(fault)
    expect(findings.map((one) => one.code).sort()).toEqual([code, ...(fault.also ?? [])].sort())
    const finding = findings.find((one) => one.code === code)!
    const rule = rules.find(({ name }) => name === code)!
    expect(findingSchema.parse(finding)).toEqual(finding)
    expect(finding).toMatchObject({ severity: rule.severity, count: fault.count, remedy: rule.remedy })
    expect(rule.remedy).toMatch(/\.$/)
    if (fault.example !== undefined) expect(finding.examples[0].startsWith(fault.example)).toBe(true)
  })
})

describe('what is no fault', () => {
  it('equal ids of a query and a document that say different things', async () => {
    const { findings } = await lint({ files: withDocuments({ _id: 'test0', text: 'word1 word2 word3' }) })
    expect(findings).toEqual([])
  })

  it('documents that differ in letter case: `grep -l` is not `grep -L`', async () => {
    const { findings } = await lint({
      files: withDocuments({ _id: 'other', text: DOCUMENTS[60].text.toUpperCase() }),
    })
    expect(findings).toEqual([])
  })

  it('a query that is a document which is relevant', async () => {
    const files = withTest('test2\tself\t1\n', withDocuments({ _id: 'self', text: TEST[2].text }))
    expect((await lint({ files })).findings).toEqual([])
  })

  it('an example of train whose words a test query repeats: that is the repeat’s finding', async () => {
    const card = withCard(example(TRAIN[3], 3))
    const files = withTest('again\td105\t1\n', {
      ...card,
      'queries.jsonl': clean['queries.jsonl'] + jsonl([{ _id: 'again', text: TRAIN[3].text }]),
    })
    expect((await lint({ files })).findings.map(({ code }) => code)).toEqual(['repeated-queries'])
  })

  it('a shown document that the protocol hides', async () => {
    const about = { protocol: { hideShown: true, testQueriesPerTask: null, examples: 4 } }
    const files = { ...withCard(example(TRAIN[1], 64)), 'SOURCE.json': JSON.stringify(about) }
    expect((await lint({ files })).findings).toEqual([])
  })

  it('the same query in train of one card and in test of another', async () => {
    const cards = ['a', 'b'].map((id) => ({
      card: { id, name: id, description: `find ${id}`, examples: [] },
    }))
    const onCard = (qrels: string, card: string) =>
      qrels
        .split('\n')
        .map((line, i) => (line === '' ? '' : `${line}\t${i === 0 ? 'card-id' : card}`))
        .join('\n')
    const files = {
      ...clean,
      'cards.jsonl': jsonl(cards),
      'qrels/train.tsv': onCard(clean['qrels/train.tsv'], 'a'),
      'qrels/dev.tsv': onCard(clean['qrels/dev.tsv'], 'a'),
      'qrels/test.tsv': onCard(clean['qrels/test.tsv'] + judge(TRAIN, 0).slice(HEADER.length), 'b'),
    }
    expect((await lint({ files })).findings).toEqual([])
  })

  it('a frozen figure by another encoder, or within .01 of the published one', async () => {
    expect((await lint({ files: clean, id: 'scifact' })).findings).toEqual([])
    temporary.remove()
    temporary = temporaryFolder()
    // 26 of 40 queries rank their document first, the others theirs last: nDCG@10 .65, where .6451 is published.
    const found = TEST.slice(0, 26)
    const farthest = (query: string) => {
      const scores = byWords(query)
      return DOCUMENTS[scores.indexOf(Math.min(...scores.slice(50)), 50)]._id
    }
    const files = {
      ...withDocuments(...found.map(({ _id, text }) => ({ _id: `self-${_id}`, text }))),
      'qrels/test.tsv':
        HEADER +
        TEST.map(({ _id, text }, i) => `${_id}\t${i < 26 ? `self-${_id}` : farthest(text)}\t1\n`).join(''),
    }
    const { findings } = await lint({ files, id: 'scifact', encoder: 'all-MiniLM-L6-v2' })
    expect(findings).toEqual([])
  })
})

describe('single-teacher-judgments', () => {
  it('knows the encoder as a teacher too, and says the overlap', async () => {
    const { findings } = await lint({ files: { ...clean, 'qrels/test.tsv': firstOf(3, byWords) } })
    const finding = findings.find(({ code }) => code === 'single-teacher-judgments')!
    expect(finding.message).toContain('words')
    expect(finding.figures!.overlap).toBeGreaterThan(0.95)
  })

  /** Each test query is answered by as many documents, which say its words and little else; nothing else says them. */
  const plainAnswers = (each: number) => {
    const asked = TEST.map(({ _id }, i) => ({ _id, text: `word${i * 3} word${i * 3 + 1} word${i * 3 + 2}` }))
    const found = asked.flatMap(({ _id, text }) =>
      Array.from({ length: each }, (_, copy) => ({
        _id: `${_id}-${copy}`,
        text: `${text} word${200 + copy} word${210 + copy}`,
      })),
    )
    const others = DOCUMENTS.map(({ _id }, i) => ({
      _id,
      text: `word${220 + (i % 40)} word${262 + (i % 30)} word${i % 120}`,
    }))
    return {
      'corpus.jsonl': jsonl([...found, ...others]),
      'queries.jsonl': jsonl(asked),
      'qrels/test.tsv': HEADER + found.map(({ _id }) => `${_id.split('-')[0]}\t${_id}\t1\n`).join(''),
    }
  }

  it.each([1, 2, 3, 5])('is silent where answers are plain: %i known items a query', async (each) => {
    const { findings } = await lint({ files: plainAnswers(each) })
    expect(findings.map(({ code }) => code)).not.toContain('single-teacher-judgments')
  })

  it.each([2, 3, 5, 10])('knows lists that were cut after %i documents', async (each) => {
    for (const scoresOf of [(query: string) => bm25.score(query), byWords]) {
      const { findings } = await lint({ files: { ...clean, 'qrels/test.tsv': firstOf(each, scoresOf) } })
      const finding = findings.find(({ code }) => code === 'single-teacher-judgments')!
      expect(finding.figures!.apart).toBeLessThan(0.5)
      rmSync(temporary.path, { recursive: true })
    }
  })

  it('knows such lists on a corpus with plain answers too', async () => {
    const files = plainAnswers(1)
    const texts: { _id: string; text: string }[] = files['corpus.jsonl']
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    const index = createBm25Index(
      texts.map(({ text }) => text),
      { k1: 1.2, b: 0.75, stem: true, stopWords: false, tokenizer: 'unicode' },
    )
    const cut = TEST.flatMap(({ _id }, i) => {
      const scores = index.score(`word${i * 3} word${i * 3 + 1} word${i * 3 + 2}`)
      const order = [...texts.keys()].sort(
        (a, b) => scores[b] - scores[a] || (texts[a]._id > texts[b]._id ? -1 : 1),
      )
      return order.slice(0, 4).map((row) => `${_id}\t${texts[row]._id}\t1\n`)
    })
    const { findings } = await lint({ files: { ...files, 'qrels/test.tsv': HEADER + cut.join('') } })
    expect(findings.map(({ code }) => code)).toContain('single-teacher-judgments')
  })

  it('is silent where a fifth of the judged documents come from elsewhere', async () => {
    const lines = firstOf(3, (query) => bm25.score(query)).split('\n')
    const mixed = lines.map((line, i) => {
      if (i === 0 || line === '' || i % 5 > 0) return line
      const [query] = line.split('\t')
      const taken = lines
        .filter((other) => other.startsWith(`${query}\t`))
        .map((other) => other.split('\t')[1])
      return `${query}\t${DOCUMENTS.find(({ _id }) => !taken.includes(_id))!._id}\t1`
    })
    const { findings } = await lint({ files: { ...clean, 'qrels/test.tsv': mixed.join('\n') } })
    expect(findings.map(({ code }) => code)).not.toContain('single-teacher-judgments')
  })
})

describe('a dataset that cannot be loaded', () => {
  it('is told of by its files, and the other rules say why they did not look', async () => {
    const { findings, checked, skipped } = await lint(planted['unknown-queries'])
    expect(findings.map(({ severity }) => severity)).toEqual(['error'])
    expect(checked).toEqual(['unknown-documents', 'unknown-queries'])
    expect(skipped).toHaveLength(rules.length - 2)
    expect(skipped[0].reason).toMatch(/cannot be loaded/)
  })

  it('for another reason is that error', async () => {
    const spoil = (dataset: string) => appendFileSync(join(dataset, 'qrels', 'test.tsv'), 'broken\n')
    await expect(lintSubject(temporary.path, clean, { spoil })).rejects.toMatchObject({
      code: 'DATASET_LINE',
    })
  })
})

describe('the quick rules', () => {
  it('ask for no vectors', async () => {
    const subject = await lintSubject(temporary.path, clean)
    const { skipped } = await lintDataset(subject, null)
    expect(skipped.map(({ rule }) => rule)).toEqual(
      rules.filter(({ needs }) => needs === 'vectors').map(({ name }) => name),
    )
  })

  it('make a run’s notes of errors and warnings, worst first, and of no notes', async () => {
    const files = {
      ...withCard(example(TEST[0], 1)),
      'corpus.jsonl':
        clean['corpus.jsonl'] +
        jsonl([{ _id: 'void', text: '' }, DOCUMENTS[110]].map((one, i) => ({ ...one, _id: `more${i}` }))),
    }
    const subject = (await lintSubject(temporary.path, files)) as LintSubject
    const findings = await lintQuickly(subject)
    expect(findings.map(({ code }) => code)).toEqual([
      'exemplar-from-test',
      'empty-documents',
      'duplicate-documents',
    ])
    const notes = lintNotes([{ dataset: 'made', findings }])
    expect(notes).toHaveLength(2)
    expect(notes[0]).toMatch(/^made: error exemplar-from-test: 1 example/)
    // What many datasets share is said once, with the first of them.
    const all = lintNotes(['a', 'b', 'c', 'd', 'e'].map((dataset) => ({ dataset, findings })))
    expect(all).toHaveLength(2)
    expect(all[0]).toMatch(/^a, b, c and 2 more: error exemplar-from-test: in a, 1 example/)
  })
})

describe('a finding of before there was a linter', () => {
  it('is read: info is a note, and there is no remedy', () => {
    const old = { code: 'own-documents', severity: 'info', message: 'Own.', count: 3, examples: ['q1'] }
    expect(findingSchema.parse(old)).toEqual({ ...old, severity: 'note', remedy: '' })
  })
})
