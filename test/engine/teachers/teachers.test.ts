import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import createWink from 'wink-bm25-text-search'
import { NO_JUDGMENTS } from '../../../src/main/engine/datasets/collection'
import { listTasks } from '../../../src/main/engine/datasets/tasks'
import { createMatrix } from '../../../src/main/engine/numeric/matrix'
import { randomStream } from '../../../src/main/engine/numeric/random'
import { fuse, zScores } from '../../../src/main/engine/retrieval/fusion'
import { createBm25Index } from '../../../src/main/engine/teachers/bm25-index'
import { createTeacher, teachers } from '../../../src/main/engine/teachers/index'
import type { PairScorer } from '../../../src/main/engine/teachers/pair-scorer'
import { wordTokenizer } from '../../../src/main/engine/teachers/word-tokenizer'
import { cancelled } from '../../../src/shared/errors'
import { makeCollection } from '../datasets/made-collection'

const random = randomStream(5, 'texts')
const vocabulary = Array.from({ length: 60 }, (_, i) => `word${'abcdefghij'[i % 10]}${i}`)
const sentence = (length: number) =>
  Array.from({ length }, () => vocabulary[Math.floor(random.next() ** 2 * vocabulary.length)]).join(' ')
const documents = Array.from({ length: 80 }, () => sentence(3 + random.integer(40)))
const queries = Array.from({ length: 20 }, () => sentence(1 + random.integer(6)))

/** BM25 from its formula (Robertson and Zaragoza 2009, with log(1 + …) as idf, which is never negative). */
function formula(query: string, k1: number, b: number): number[] {
  const words = documents.map((text) => text.split(' '))
  const mean = words.reduce((sum, { length }) => sum + length, 0) / words.length
  return words.map((text) =>
    query.split(' ').reduce((sum, word) => {
      const df = words.filter((other) => other.includes(word)).length
      const tf = text.filter((other) => other === word).length
      const idf = Math.log(1 + (words.length - df + 0.5) / (df + 0.5))
      return sum + (idf * tf * (k1 + 1)) / (tf + k1 * (1 - b + (b * text.length) / mean))
    }, 0),
  )
}

const plain = { k1: 1.2, b: 0.75, stem: false, stopWords: false, tokenizer: 'unicode' } as const

describe('the BM25 index', () => {
  it.each([
    [1.2, 0.75],
    [0.9, 0.4],
    [2, 1],
    [1.5, 0],
  ])('scores by the formula, k1 = %f, b = %f', (k1, b) => {
    const index = createBm25Index(documents, { ...plain, k1, b, stem: false })
    for (const query of queries) {
      const scores = index.score(query)
      formula(query, k1, b).forEach((expected, row) => {
        expect(Math.abs(scores[row] - expected)).toBeLessThan(1e-5 * Math.max(1, expected))
      })
    }
  })

  it("has the scores of wink's own search", () => {
    const wink = createWink()
    wink.defineConfig({ fldWeights: { text: 1 }, bm25Params: { k1: 1.2, b: 0.75, k: 1 } })
    wink.definePrepTasks([wordTokenizer({ ...plain, stem: true })])
    documents.forEach((text, row) => {
      wink.addDoc({ text }, row)
    })
    wink.consolidate(9)
    const index = createBm25Index(documents, { ...plain, stem: true })
    for (const query of queries) {
      const scores = index.score(query)
      const theirs = wink.search(query, documents.length)
      expect(theirs.length).toBe(scores.filter((score) => score > 0).length)
      for (const [row, score] of theirs) expect(scores[Number(row)]).toBeCloseTo(score, 4)
    }
  })

  it('compares stems where asked to, and never case', () => {
    const texts = ['The sailors were sailing', 'a violin', 'bread']
    expect(createBm25Index(texts, { ...plain, stem: true }).score('SAIL')[0]).toBeGreaterThan(0)
    expect(createBm25Index(texts, plain).score('sail')[0]).toBe(0)
    expect(createBm25Index(texts, { ...plain, stem: true }).score('constructor __proto__ 日本')).toEqual(
      new Float32Array(3),
    )
  })

  describe('against an independent BM25 in numpy', () => {
    const golden: {
      documents: string[]
      queries: string[]
      cases: { k1: number; b: number; scores: number[][] }[]
    } = JSON.parse(readFileSync(new URL('../../fixtures/bm25.json', import.meta.url), 'utf8'))

    it.each(golden.cases)('k1 = $k1, b = $b, in four scripts', ({ k1, b, scores }) => {
      const index = createBm25Index(golden.documents, { ...plain, k1, b })
      golden.queries.forEach((query, q) => {
        index.score(query).forEach((score, row) => {
          expect(Math.abs(score - scores[q][row])).toBeLessThan(1e-5 * Math.max(1, scores[q][row]))
        })
      })
    })
  })

  it('needs three documents', () => {
    expect(() => createBm25Index(['a', 'b'], { ...plain, stem: true })).toThrow(
      expect.objectContaining({ code: 'DATASET_EMPTY' }),
    )
  })
})

describe('words', () => {
  const words = (text: string, options = {}) => wordTokenizer({ ...plain, ...options })(text)

  it('are of any script, composed alike, in lower case', () => {
    expect(words('Naïve CAFÉ: β-amyloid, ΑΒΓ, Москва 42 my_name')).toEqual(
      'naïve café β amyloid αβγ москва 42 my_name'.split(' '),
    )
    expect(words('cafe\u0301 ﬁne ２０２０')).toEqual(['café', 'fine', '2020'])
    expect(words('हिन्दी')).toEqual(['हिन्दी'])
  })

  it('are found where a script writes no spaces', () => {
    expect(words('東京都に住んでいます and 42')).toEqual(expect.arrayContaining(['東京', '住', 'and', '42']))
    expect(words('ภาษาไทย')).toEqual(['ภาษา', 'ไทย'])
  })

  it('of ASCII texts are those of wink', () => {
    const texts = ["It isn't Bob's, he'll say; they cannot.", 'TNF-a  (IL-6) 3.5% a_b', '', '  ', '-- ?']
    for (const text of [...texts, ...documents])
      expect(words(text)).toEqual(words(text, { tokenizer: 'ascii' }))
    expect(words('isn’t it')).toEqual(words("isn't it"))
    expect(words('café', { tokenizer: 'ascii' })).toEqual(['caf'])
    // Character by character, as Lucene's filter does: the end of a word makes no other letter.
    expect(words('ΣΑΣ ΟΔΟΣ')).toEqual(['σασ', 'οδοσ'])
  })

  it('lose English function words and endings on request, other languages keep theirs', () => {
    expect(words('the sailors were sailing', { stopWords: true })).toEqual(['sailors', 'sailing'])
    expect(words('the sailors of Zürich', { stem: true })).toEqual(['the', 'sailor', 'of', 'zürich'])
  })
})

/** Query 0 is document 3 itself. */
const own = queries.map((_, row) => (row === 0 ? 3 : -1))
const texts = { documents, queries: [documents[3], ...queries.slice(1)], own }
const collection = makeCollection(
  'made',
  [
    {
      id: 'made',
      train: [
        [
          0,
          [
            [3, 3],
            [5, 1],
            [7, 2],
            [9, 0],
            [-1, 3],
          ],
        ],
        [
          2,
          [
            [4, 1],
            [6, 1],
          ],
        ],
      ],
      dev: [
        [3, [[10, 1]]],
        [4, [[11, 2]]],
      ],
      test: [[1, [[8, 1]]]],
    },
  ],
  texts,
)
const [task] = listTasks(collection)
const vectorsOf = (rows: number) =>
  createMatrix(
    rows,
    8,
    Float32Array.from({ length: rows * 8 }, () => random.normal()),
  )
const vectors = { documents: vectorsOf(documents.length), queries: vectorsOf(queries.length) }
/** Shared words, as a stand-in for a model that reads both texts. */
const sharedWords: PairScorer = {
  id: 'shared words',
  fingerprint: '',
  async score(pairs, { signal, onProgress } = {}) {
    if (signal?.aborted) throw cancelled()
    onProgress?.(pairs.length, pairs.length)
    return Float32Array.from(pairs, ([query, document]) => {
      const words = new Set(document.split(' '))
      return new Set(query.split(' ').filter((word) => words.has(word))).size
    })
  },
  async dispose() {},
}
const material = { collection, task, vectors, openPairScorer: async () => sharedWords }
const everyQuery = Int32Array.from(queries, (_, row) => row)

describe.each(teachers.map(({ name }) => name))('the teacher %s', (name) => {
  it('orders best first, at most `depth`, without own documents', async () => {
    const teacher = await createTeacher(name, material)
    const progress: number[] = []
    const orders = await teacher.order(everyQuery, 7, { onProgress: (done) => progress.push(done) })
    expect(orders).toHaveLength(queries.length)
    for (const { documents: rows, scores } of orders) {
      expect(rows.length).toBe(scores.length)
      expect(rows.length).toBeLessThanOrEqual(7)
      expect([...scores]).toEqual([...scores].sort((a, b) => b - a))
      expect(new Set(rows).size).toBe(rows.length)
    }
    expect(orders[0].documents.length).toBeGreaterThan(0)
    expect([...orders[0].documents]).not.toContain(3)
    expect(progress.at(-1)).toBe(queries.length)
    await teacher.dispose()
  })

  it('stops when cancelled', async () => {
    const teacher = await createTeacher(name, material)
    await expect(teacher.order(everyQuery, 7, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'CANCELLED',
    })
    await teacher.dispose()
  })

  it('says what it is', () => {
    const spec = teachers.find((one) => one.name === name)!
    for (const field of ['name', 'title', 'summary', 'citation'] as const) expect(spec[field]).not.toBe('')
    expect(spec.options.safeParse({ nonsense: 1 }).success).toBe(false)
  })
})

describe('orders', () => {
  it('of BM25 are those of its formula, without documents that share no word', async () => {
    const teacher = await createTeacher('bm25', material, { stem: false, k1: 0.9, b: 0.4 })
    const orders = await teacher.order(everyQuery, 1000)
    orders.forEach(({ documents: rows, scores }, query) => {
      const expected = formula(texts.queries[query], 0.9, 0.4)
      const matching = expected.filter((score, row) => score > 0 && row !== own[query])
      expect(rows.length).toBe(matching.length)
      const sorted = matching.sort((a, b) => b - a)
      scores.forEach((score, rank) => {
        expect(Math.abs(score - sorted[rank])).toBeLessThan(1e-4)
      })
    })
  })

  it('of dense are by inner product', async () => {
    const teacher = await createTeacher('dense', material)
    const [first] = await teacher.order(Int32Array.of(4), 3)
    const query = vectors.queries.data.subarray(32, 40)
    const products = documents.map((_, row) =>
      query.reduce((sum, value, i) => sum + value * vectors.documents.data[row * 8 + i], 0),
    )
    const best = products.map((_, row) => row).sort((a, b) => products[b] - products[a])
    expect([...first.documents]).toEqual(best.slice(0, 3))
    await teacher.dispose()
  })

  it('of judgments are by grade, from train alone', async () => {
    const teacher = await createTeacher('judgments', material)
    const [first, test, equal] = await teacher.order(Int32Array.of(0, 1, 2), 10)
    expect([...first.documents]).toEqual([7, 5])
    expect([...first.scores]).toEqual([2, 1])
    expect(test.documents).toHaveLength(0)
    expect([...equal.documents]).toEqual([6, 4])
  })
})

describe('fusion', () => {
  it('adds z-scores of whole rows with the weights given', async () => {
    const weights = [1, 0.5]
    const teacher = await createTeacher('fusion', material, { weights })
    const members = [await createTeacher('dense', material), await createTeacher('bm25', material)]
    const rows = await Promise.all(
      members.map(async (member) => (await member.score!(everyQuery).next()).value as Float32Array),
    )
    const [first] = await teacher.order(everyQuery, 5)
    const fused = fuse(
      rows.map((row) => zScores(row)),
      weights,
    )
    const best = documents.map((_, row) => row).filter((row) => row !== own[0])
    best.sort((a, b) => fused[b] - fused[a])
    expect([...first.documents]).toEqual(best.slice(0, 5))
    expect(teacher.settled?.()).toBeNull()
    await teacher.dispose()
  })

  it('of weight 1 and 0 is the first teacher alone', async () => {
    for (const method of ['zscore', 'minmax', 'rrf']) {
      const teacher = await createTeacher('fusion', material, { weights: [1, 0], method })
      const alone = await createTeacher('dense', material)
      const orders = await teacher.order(everyQuery, 6)
      const expected = await alone.order(everyQuery, 6)
      expect(orders.map((order) => [...order.documents])).toEqual(
        expected.map((order) => [...order.documents]),
      )
      await Promise.all([teacher.dispose(), alone.dispose()])
    }
  })

  it('by reciprocal rank adds 1/(k + rank) of the lists, and knows only what they name', async () => {
    const options = { of: ['bm25', 'cross-encoder'], method: 'rrf', weights: [1, 2], k: 10 }
    const memberOptions = { 'cross-encoder': { base: 'bm25', depth: 3 } }
    const teacher = await createTeacher('fusion', material, { ...options, memberOptions })
    const lexical = await createTeacher('bm25', material)
    const reader = await createTeacher('cross-encoder', material, memberOptions['cross-encoder'])
    const [fused] = await teacher.order(Int32Array.of(5), 100)
    const [first] = await lexical.order(Int32Array.of(5), 100)
    const [second] = await reader.order(Int32Array.of(5), 100)
    expect(second.documents).toHaveLength(3)
    expect(new Set(fused.documents)).toEqual(new Set(first.documents))
    fused.documents.forEach((document, place) => {
      const rank = second.documents.indexOf(document)
      const expected = 1 / (11 + first.documents.indexOf(document)) + (rank < 0 ? 0 : 2 / (11 + rank))
      expect(fused.scores[place]).toBeCloseTo(expected, 6)
    })
    await teacher.dispose()
  })

  it('chooses weights on dev once and says them', async () => {
    const teacher = await createTeacher('fusion', material)
    expect(teacher.settled?.()).toBeNull()
    await teacher.order(new Int32Array(0), 5)
    expect(teacher.settled?.()).toMatch(/^dense [\d.]+, bm25 [\d.]+, chosen on 2 dev queries of made$/)
    await teacher.dispose()
  })

  it('refuses what it cannot fuse', async () => {
    const bare = { ...material, task: { ...task, dev: NO_JUDGMENTS } }
    await expect(createTeacher('fusion', bare)).rejects.toMatchObject({ code: 'TASK_UNUSABLE' })
    const refused = [
      { of: ['dense', 'judgments'] },
      { weights: [1] },
      { weights: [0, 0] },
      { of: ['dense'] },
      { method: 'sum' },
    ]
    for (const options of refused) {
      await expect(createTeacher('fusion', material, options)).rejects.toMatchObject({ code: 'USAGE' })
    }
    const unknown = createTeacher('fusion', material, { of: ['dense', 'oracle'], weights: [1, 1] })
    await expect(unknown).rejects.toMatchObject({ code: 'OPTION_UNKNOWN' })
  })
})

describe('the cross-encoder', () => {
  it('ranks the first documents of its base anew, ties by descending id', async () => {
    const teacher = await createTeacher('cross-encoder', material, { base: 'bm25', depth: 12 })
    const lexical = await createTeacher('bm25', material)
    const [order] = await teacher.order(Int32Array.of(6), 100)
    const [base] = await lexical.order(Int32Array.of(6), 12)
    expect(new Set(order.documents)).toEqual(new Set(base.documents))
    const score = (row: number) => {
      const words = new Set(documents[row].split(' '))
      return new Set(texts.queries[6].split(' ').filter((word) => words.has(word))).size
    }
    const ids = collection.documents.ids
    const expected = [...base.documents].sort((a, b) => score(b) - score(a) || (ids[a] < ids[b] ? 1 : -1))
    expect([...order.documents]).toEqual(expected)
    expect([...order.scores]).toEqual(expected.map(score))
  })

  it('needs a place to run and a base that exists', async () => {
    await expect(createTeacher('cross-encoder', { collection })).rejects.toThrow(RangeError)
    const unknown = createTeacher('cross-encoder', material, { base: 'oracle' })
    await expect(unknown).rejects.toMatchObject({ code: 'OPTION_UNKNOWN' })
  })
})

describe('dense', () => {
  it('takes the vectors of another encoder where one is named', async () => {
    const other = { documents: vectorsOf(documents.length), queries: vectorsOf(queries.length) }
    const asked: string[] = []
    const encode = async (encoder: string) => {
      asked.push(encoder)
      return other
    }
    const named = await createTeacher('dense', { ...material, encode }, { encoder: 'bigger' })
    const direct = await createTeacher('dense', { ...material, vectors: other })
    expect(await named.order(everyQuery, 5)).toEqual(await direct.order(everyQuery, 5))
    expect(asked).toEqual(['bigger'])
    await Promise.all([named.dispose(), direct.dispose()])
  })
})

describe('createTeacher', () => {
  it('refuses what it does not know', async () => {
    await expect(createTeacher('oracle', material)).rejects.toMatchObject({ code: 'OPTION_UNKNOWN' })
    await expect(createTeacher('bm25', material, { b: 2 })).rejects.toMatchObject({ code: 'USAGE' })
    await expect(createTeacher('dense', { collection })).rejects.toThrow(RangeError)
    await expect(createTeacher('judgments', { collection })).rejects.toThrow(RangeError)
  })
})
