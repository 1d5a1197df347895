import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { row } from '../../../src/main/engine/numeric/matrix'
import { randomStream } from '../../../src/main/engine/numeric/random'
import { calibrateLists } from '../../../src/main/engine/preferences/calibrated-lists'
import type { EncodedTask } from '../../../src/main/engine/preferences/encoded-collection'
import { unjudged } from '../../../src/main/engine/preferences/pseudo-queries'
import { type StepBatch, stepSampler } from '../../../src/main/engine/training/step-sampler'
import { judge, type TinyCard, tinyTasks } from '../tiny-task'

const nothing = judge([])
const card = (id: string, first: number): TinyCard => ({
  id,
  train: judge(Array.from({ length: 12 }, (_, q) => [first + q, first + (q % 6), 1] as const)),
  dev: nothing,
  test: nothing,
})
const options = {
  tasksPerStep: 2,
  queriesPerStep: 8,
  candidates: 40,
  minExamples: 1,
  maxExamples: 3,
  descriptionOnly: 0.4,
  feedbackWeight: 0,
}
const tasks = tinyTasks({
  documents: 100,
  queries: 60,
  dimensions: 8,
  cards: [card('a', 0), card('b', 20), card('c', 40)],
  ownDocument: (query) => query + 1,
})
const descriptionMean = row(tasks[0].wordings, 0)

/** The one corpus's part. */
const partOf = ({ parts: [part] }: StepBatch) => part

describe('stepSampler', () => {
  it('asks and shows only train queries, hides what it shows, and never offers a query its own document', () => {
    const sampler = stepSampler(tasks, descriptionMean, options)
    const random = randomStream(1, 'sampling')
    for (let step = 0; step < 200; step++) {
      const batch = sampler.draw(random)
      expect(batch.queries.rows).toBe(8)
      expect(batch.cards).toHaveLength(2)
      expect(batch.parts).toHaveLength(1)
      const part = partOf(batch)
      expect(new Set(part.candidates).size).toBe(40)
      const masked = new Set<string>()
      for (let i = 0; i < part.masked.length; i += 2) masked.add(`${part.masked[i]} ${part.masked[i + 1]}`)
      const mass = new Float64Array(batch.queries.rows)
      for (let t = 0; t < part.weights.length; t++) {
        const [query, candidate] = [part.targets[2 * t], part.targets[2 * t + 1]]
        expect(masked.has(`${query} ${candidate}`)).toBe(false)
        mass[query] += part.weights[t]
      }
      for (const share of mass) expect(share === 0 || Math.abs(share - 1) < 1e-6).toBe(true)
    }
  })

  it('is the same for the same seed and another for another', () => {
    const draw = (seed: number) => {
      const sampler = stepSampler(tasks, descriptionMean, options)
      const random = randomStream(seed, 'sampling')
      return Array.from({ length: 5 }, () => [...partOf(sampler.draw(random)).candidates])
    }
    expect(draw(1)).toEqual(draw(1))
    expect(draw(1)).not.toEqual(draw(2))
  })

  it('shows a description alone in the share of cards asked for', () => {
    const sampler = stepSampler(tasks, descriptionMean, options)
    const random = randomStream(3, 'sampling')
    let alone = 0
    for (let step = 0; step < 500; step++) {
      for (const { queries } of sampler.draw(random).cards)
        if (queries === tasks[0].encoded.queryMean) alone++
    }
    expect(alone / 1000).toBeGreaterThan(0.34)
    expect(alone / 1000).toBeLessThan(0.46)
  })

  it('draws with repeats where a task has fewer queries than a step asks for', () => {
    const few = tinyTasks({
      documents: 30,
      queries: 5,
      dimensions: 8,
      cards: [
        {
          id: 'few',
          train: judge([
            [0, 1, 1],
            [1, 2, 1],
          ]),
          dev: nothing,
          test: nothing,
        },
      ],
    })
    const batch = stepSampler(few, descriptionMean, { ...options, candidates: 500 }).draw(
      randomStream(1, 's'),
    )
    expect(batch.queries.rows).toBe(8)
    expect(partOf(batch).candidates).toHaveLength(30)
  })

  it('draws by default what it drew before there were other samplers, null cards or noise', () => {
    const sampler = stepSampler(tasks, descriptionMean, { ...options, feedbackWeight: 0.5 })
    const random = randomStream(1, 'sampling')
    const hash = createHash('sha256')
    for (let step = 0; step < 50; step++) {
      const batch = sampler.draw(random)
      const { candidates, masked, targets, weights } = partOf(batch)
      const { queries, cards } = batch
      const vectors = cards.flatMap((drawn) => [drawn.description, drawn.queries, drawn.documents])
      for (const { buffer, byteOffset, byteLength } of [
        candidates,
        masked,
        targets,
        weights,
        queries.data,
        ...vectors,
      ])
        hash.update(new Uint8Array(buffer, byteOffset, byteLength))
    }
    expect(hash.digest('hex')).toBe('af0f8e0f3ab9e8012e3f5404ea3fe0833ca2315fb99cf0317e11567739ff9790')
    expect(random.state()).toEqual([318303332, -550878357, -1927773526, -1151581508])
  })
})

const every = { share: 1, penalty: 5 }
const draws = (change: object, count = 200, of = tasks): StepBatch[] => {
  const sampler = stepSampler(of, descriptionMean, { ...options, descriptionOnly: 0, ...change })
  const random = randomStream(1, 'sampling')
  return Array.from({ length: count }, () => sampler.draw(random))
}

describe('cards of a step', () => {
  it('are replaced by unrelated ones in the share asked for, without changing the first step', () => {
    const batches = draws({ nullCards: { share: 0.5, penalty: 5 } })
    const nulls = batches.flatMap(({ nullCards }) => nullCards)
    const share = nulls.filter((drawn) => drawn !== null).length / nulls.length
    expect(share).toBeGreaterThan(0.43)
    expect(share).toBeLessThan(0.57)
    expect(nulls.every((drawn) => drawn === null || drawn.id === undefined)).toBe(true)
    const [plain] = draws({}, 1)
    expect(batches[0].cards).toEqual(plain.cards)
    expect(partOf(batches[0]).candidates).toEqual(partOf(plain).candidates)
    const [first] = draws({ nullCards: every }, 1)
    expect(first.nullCards[0]?.description).not.toEqual(first.cards[0].description)
  })

  it('come with the card of another task, never their own', () => {
    const wrongCards = { share: 1, margin: 0.1, weight: 0.5 }
    for (const batch of draws({ wrongCards })) {
      batch.wrongCards.forEach((wrong, t) => {
        expect(wrong).not.toBeNull()
        expect(wrong?.card.id).not.toBe(batch.tasks[t])
        expect(batch.cards[t].id).toBe(batch.tasks[t])
      })
    }
    const alone = draws({ wrongCards }, 5, tasks.slice(0, 1))
    expect(alone.flatMap((batch) => batch.wrongCards)).toEqual([null, null, null, null, null])
  })

  it('lose parts and gain noise as asked', () => {
    const { queryMean, documentMean } = tasks[0].encoded
    const parts = draws({ cardDropout: 0.3 }).flatMap(({ cards }) =>
      cards.flatMap(({ queries, documents, description }) => [
        queries === queryMean,
        documents === documentMean,
        description === descriptionMean,
      ]),
    )
    const dropped = parts.filter(Boolean).length / parts.length
    expect(dropped).toBeGreaterThan(0.25)
    expect(dropped).toBeLessThan(0.35)
    const [clean] = draws({}, 1)
    const [noisy] = draws({ cardNoise: 0.2 }, 1)
    const offsets = noisy.cards.flatMap(({ documents }, t) =>
      Array.from(
        documents,
        (value, i) => (value - clean.cards[t].documents[i]) * Math.sqrt(documents.length),
      ),
    )
    const deviation = Math.sqrt(offsets.reduce((sum, value) => sum + value ** 2, 0) / offsets.length)
    expect(deviation).toBeGreaterThan(0.1)
    expect(deviation).toBeLessThan(0.3)
  })
})

describe('a teacher’s targets', () => {
  const bm25 = { teacher: { name: 'bm25', options: {} } }
  /** The teacher ranks 50 + query first, then the documents from 60 up; of task a nothing is judged. */
  const lists = new Map(
    tasks.map((task) => {
      const { queries } = task.task.train
      const rankings = Array.from(queries, (query) => ({
        documents: Int32Array.from([50 + (query % 8), 60, 61, 62, 63]),
        scores: Float32Array.from([9, 4, 3, 2, 1]),
      }))
      return [task, calibrateLists(task.task, { queries, rankings }, null, 1)] as const
    }),
  )
  const sampler = (change: object, of: readonly EncodedTask[] = tasks, from = lists) =>
    stepSampler(of, descriptionMean, { ...options, ...bm25, ...change }, from)

  it('are the top of its list, and what is judged is no negative', () => {
    const batch = sampler({ candidates: 100 }).draw(randomStream(1, 's'))
    const { queries, documents, weights } = partOf(batch).positives
    expect(queries.length).toBeGreaterThan(0)
    for (const document of documents) expect(document >= 50 && document < 58).toBe(true)
    expect([...weights].every((weight) => weight === 1)).toBe(true)
    // 100 candidates: each query's judged documents are among them, and masked.
    const masked = new Set<string>()
    const { masked: pairs, candidates } = partOf(batch)
    for (let i = 0; i < pairs.length; i += 2) masked.add(`${pairs[i]} ${candidates[pairs[i + 1]]}`)
    const judgedOf = new Map(
      tasks.flatMap(({ task }) =>
        Array.from(task.train.queries, (query, i) => [
          `${task.id} ${query}`,
          task.train.documents[task.train.offsets[i]],
        ]),
      ),
    )
    const perTask = batch.queries.rows / batch.tasks.length
    const rowOf = (vector: Float32Array) =>
      Array.from({ length: 60 }, (_, query) => query).find((query) =>
        row(tasks[0].encoded.queries, query).every((value, i) => value === vector[i]),
      )
    for (let q = 0; q < batch.queries.rows; q++) {
      const judged = judgedOf.get(`${batch.tasks[Math.floor(q / perTask)]} ${rowOf(row(batch.queries, q))}`)
      expect(masked.has(`${q} ${judged}`)).toBe(true)
    }
  })

  it('share the mass by the scores where several count', () => {
    const few = sampler({ sampler: { name: 'uniform', options: { positives: 3, targetTemperature: 1 } } })
    const random = randomStream(1, 'sampling')
    const counts = new Set<number>()
    for (let step = 0; step < 20; step++) {
      const { queries, weights } = partOf(few.draw(random)).positives
      for (let q = 0; q < 8; q++) {
        const own = weights.filter((_, i) => queries[i] === q)
        counts.add(own.length)
        if (own.length === 0) continue
        expect(own.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 6)
        for (let i = 1; i < own.length; i++) expect(own[i]).toBeLessThan(own[i - 1])
      }
    }
    // Fewer where the card shows some of them.
    expect([...counts].sort()).toEqual([0, 1, 2, 3])
  })

  it('train tasks without a single judgment', () => {
    const bare = tasks.map((task) => ({
      ...task,
      task: { ...task.task, train: unjudged(task.task.train.queries) },
    }))
    const from = new Map(bare.map((task, i) => [task, lists.get(tasks[i])!]))
    const batch = sampler({}, bare, from).draw(randomStream(1, 's'))
    expect(partOf(batch).weights.length).toBeGreaterThan(0)
  })

  it('must be there', () => {
    expect(() => sampler({}, tasks, new Map())).toThrow(RangeError)
  })
})

describe('a step over several corpora', () => {
  const made = (id: string, documents: number, family?: string, cards = 1): EncodedTask[] =>
    tinyTasks({
      documents,
      queries: 30,
      dimensions: 8,
      cards: Array.from({ length: cards }, (_, i) => card(`${id}${i}`, 5 * i)),
      id,
      family,
    })
  const corpora = [
    ...made('a.0', 20, 'a'),
    ...made('a.1', 25, 'a'),
    ...made('a.2', 30, 'a'),
    ...made('b.0', 35, 'b', 3),
    ...made('alone', 40),
  ]
  const several = { ...options, corporaPerStep: 4, tasksPerStep: 8, queriesPerStep: 24, candidates: 1000 }

  it('asks each part of its own corpus, whole, task by task', () => {
    const sampler = stepSampler(corpora, descriptionMean, several)
    const random = randomStream(1, 'sampling')
    for (let step = 0; step < 100; step++) {
      const batch = sampler.draw(random)
      expect(batch.parts).toHaveLength(4)
      // Two tasks of b.0, one of any other corpus, three queries each.
      const tasks = batch.parts.map(({ encoded }) => (encoded.collection.id === 'b.0' ? 2 : 1))
      expect(batch.tasks).toHaveLength(tasks.reduce((sum, count) => sum + count, 0))
      expect(batch.queries.rows).toBe(3 * batch.tasks.length)
      let first = 0
      batch.parts.forEach((part, p) => {
        expect([part.first, part.asked]).toEqual([first, 3 * tasks[p]])
        expect(part.candidates).toHaveLength(part.encoded.documents.rows)
        for (let t = 0; t < part.weights.length; t++) {
          const query = part.targets[2 * t]
          expect(query).toBeLessThan(part.asked)
          const vector = row(batch.queries, part.first + query)
          const asked = Array.from({ length: 30 }, (_, q) => row(part.encoded.queries, q))
          expect(asked.some((own) => own.every((value, i) => value === vector[i]))).toBe(true)
        }
        first += part.asked
      })
    }
  })

  it('draws family by family, an ordinary collection as a family of one', () => {
    const sampler = stepSampler(corpora, descriptionMean, several)
    const random = randomStream(2, 'sampling')
    const counts = new Map<string, number>()
    for (let step = 0; step < 300; step++) {
      for (const { encoded } of sampler.draw(random).parts)
        counts.set(encoded.collection.id, (counts.get(encoded.collection.id) ?? 0) + 1)
    }
    // 1,200 draws: 400 of each family, give or take 16; 133 of each corpus of a, give or take 11.
    for (const id of ['b.0', 'alone']) expect(Math.abs(counts.get(id)! - 400)).toBeLessThan(4 * 16)
    for (const id of ['a.0', 'a.1', 'a.2']) expect(Math.abs(counts.get(id)! - 133)).toBeLessThan(4 * 11)
  })

  it('shows and hides nothing where cards have no examples', () => {
    const bare = { ...several, minExamples: 0, maxExamples: 0, descriptionOnly: 1 }
    const sampler = stepSampler(corpora, descriptionMean, bare)
    const random = randomStream(3, 'sampling')
    for (let step = 0; step < 50; step++) {
      const { parts, cards } = sampler.draw(random)
      for (const { masked, asked, targets } of parts) {
        expect(masked).toHaveLength(0)
        expect(new Set(targets.filter((_, i) => i % 2 === 0)).size).toBe(asked)
      }
      for (const { corpus, documents } of cards) expect(documents).toEqual(corpus)
    }
  })
})
