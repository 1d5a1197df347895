import { expect, it } from 'vitest'
import { type LadderOptions, scoreLadder } from '../../../src/main/engine/evaluation/ladder'
import { buildVerdict } from '../../../src/main/engine/evaluation/verdict'
import { shiftHead } from '../../../src/main/engine/hypernet/blended-head'
import type { CardVectors } from '../../../src/main/engine/hypernet/card-vectors'
import type { Hypernetwork } from '../../../src/main/engine/hypernet/hypernetwork'
import { createMatrix, inMemory, type Matrix } from '../../../src/main/engine/numeric/matrix'
import type { EncodedTask } from '../../../src/main/engine/preferences/encoded-collection'
import { verdictSchema } from '../../../src/shared/schemas/verdict'
import { type SystemName, systemLabel } from '../../../src/shared/system-name'
import { judge, tinyTasks } from '../tiny-task'

const answers = (first: number, count: number) =>
  judge(Array.from({ length: count }, (_, i) => [first + i, first + i, 1] as const))
const tasks = tinyTasks({
  documents: 90,
  queries: 60,
  dimensions: 12,
  cards: ['a', 'b', 'c'].map((id, i) => ({
    id,
    train: answers(i * 20, 6),
    dev: answers(i * 20 + 6, 6),
    test: answers(i * 20 + 12, 6),
  })),
})

/** Moves queries by the card's description: a network that reads its card, and needs no weights. */
const network = {
  transform: (card: CardVectors, _means: unknown, queries: Matrix) =>
    createMatrix(
      queries.rows,
      12,
      queries.data.map((value, i) => value + card.description[i % 12]),
    ),
  compile: (card: CardVectors) => shiftHead(card.description),
  compileDocuments: () => null,
  description: { side: 'query' },
} as unknown as Hypernetwork

const asked: (readonly [string, number])[] = []
const options: LadderOptions = {
  seen: tasks,
  unseen: [],
  controlMean: new Float32Array(12),
  networkMean: new Float32Array(12),
  networks: { 'task card': () => network },
  lexical(task: EncodedTask, query: number) {
    asked.push([task.task.id, query])
    return Float32Array.from({ length: 90 }, (_, document) => (document === query ? 4 : (document * 7) % 5))
  },
  feedbackWeight: 0,
  rows: [],
  seed: 1,
  mostExamples: 100,
}
const verdictOf = (tables: Parameters<typeof buildVerdict>[0]['tables']) =>
  buildVerdict({
    run: 'r',
    tables,
    measures: ['nDCG@10'],
    seed: 1,
    depth: 100,
    trained: tasks.map(({ task }) => task),
    holdOut: 'strict',
    seconds: { encode: 0, train: 0, evaluate: 0, total: 0 },
  })
const keysOf = (table: { systems: readonly SystemName[] }) => table.systems.map(systemLabel)

it('holds experts against that of the nearest card, and that of the own family where every task has one', async () => {
  const asked = new Set<string | undefined>()
  const made = {
    ...network,
    transform(card: CardVectors, _means: unknown, queries: Matrix) {
      asked.add(card.expert)
      return queries
    },
    description: {
      tasks: ['tiny/a', 'tiny/b'],
      side: 'query',
      experts: { names: ['/tiny', 'far'], of: [0, 1], shared: true },
    },
    experts: () => ({ experts: [], nearest: { task: 'tiny/b', text: 0.5, corpus: 0 } }),
  } as unknown as Hypernetwork
  const rows = async (names: readonly string[]) => {
    const description = { ...made.description, experts: { ...made.description.experts, names } }
    const of = { ...made, description } as unknown as Hypernetwork
    const [{ systems }] = await scoreLadder({
      ...options,
      networks: { 'task card': () => of },
      lexical: undefined,
    })
    return systems.map(({ row }) => row)
  }
  expect(await rows(['/tiny', 'far'])).toEqual([
    'frozen',
    'card as text',
    'task card',
    'own family',
    'nearest expert',
    'wrong card',
    'handed out',
  ])
  expect(asked).toEqual(new Set([undefined, '/tiny', 'far']))
  expect(await rows(['other', 'far'])).not.toContain('own family')
})

it('fuses every row with BM25, the wrong card at the share of the right one', async () => {
  const told: unknown[] = []
  const [bare, shown, ...more] = await scoreLadder({ ...options, onTable: (table) => told.push(table) })
  expect(told).toEqual([bare, shown, ...more])
  expect(keysOf(bare)).toEqual([
    'frozen',
    'card as text',
    'task card',
    'wrong card',
    'handed out',
    'handed out + BM25',
    'BM25',
    'frozen + BM25',
    'card as text + BM25',
    'task card + BM25',
    'wrong card + BM25',
  ])
  expect(keysOf(shown)).toContain('exemplar shift + BM25')
  const share = bare.chosen.get('task card + BM25')
  expect(share).toMatch(/^min-max; share of BM25 per task on dev: .* [.\d]+/)
  expect(bare.chosen.get('wrong card + BM25')).toBe(share)
})

it('needs no right card in the table to weigh a wrong one', async () => {
  const [bare] = await scoreLadder(options)
  const [alone] = await scoreLadder({ ...options, rows: ['wrong card', 'BM25'] })
  expect(keysOf(alone)).toEqual(['wrong card', 'BM25', 'wrong card + BM25'])
  const scores = (table: typeof bare) =>
    table.systems
      .find(({ row, bm25 }) => row === 'wrong card' && bm25)!
      .tasks.map(({ values }) => [...values.get('nDCG@10')!])
  expect(scores(alone)).toEqual(scores(bare))
})

it('makes the rows few-shot and teacher where they are asked for and can be', async () => {
  const rows = ['frozen', 'few-shot', 'teacher']
  const perfect = (_task: EncodedTask, query: number) => ({
    documents: Int32Array.of(query, (query + 1) % 90),
    scores: Float32Array.of(2, 1),
  })
  const asked = { ...options, lexical: undefined, rows, teacher: perfect, seen: tasks.slice(0, 2) }
  const tables = await scoreLadder({ ...asked, unseen: tasks.slice(2) })
  const rowsOf = (cards: string, examples: number) =>
    keysOf(tables.find((table) => table.cards === cards && table.examples === examples)!)
  // The teacher taught the seen tasks; without examples there is nothing to fit.
  expect(rowsOf('seen', 0)).toEqual(['frozen', 'teacher'])
  expect(rowsOf('seen', 4)).toEqual(['frozen', 'few-shot', 'teacher'])
  expect(rowsOf('unseen', 4)).toEqual(['frozen', 'few-shot'])
  const seen = tables.find(({ cards, examples }) => cards === 'seen' && examples === 0)!
  const taught = seen.systems.find(({ row }) => row === 'teacher')!
  expect([...taught.tasks[0].values.get('nDCG@10')!]).toEqual(Array(6).fill(1))
})

it('scores the queries of the split that is asked for, and the verdict says which', async () => {
  const frozen = { ...options, rows: ['frozen'], mostExamples: 0 }
  const queriesOf = (tables: Awaited<ReturnType<typeof scoreLadder>>) =>
    tables.flatMap(({ systems }) => systems[0].tasks.flatMap(({ queries }) => [...queries]))
  const ofCards = (first: number) =>
    [0, 20, 40].flatMap((card) => Array.from({ length: 6 }, (_, i) => card + first + i))
  const [dev, test] = [await scoreLadder({ ...frozen, split: 'dev' }), await scoreLadder(frozen)]
  expect(queriesOf(dev).sort((a, b) => a - b)).toEqual(ofCards(6))
  expect(queriesOf(test).sort((a, b) => a - b)).toEqual(ofCards(12))

  const facts = {
    run: 'r',
    measures: ['nDCG@10'],
    seed: 1,
    depth: 100,
    trained: [],
    holdOut: 'strict' as const,
  }
  const seconds = { encode: 0, train: 0, evaluate: 0, total: 0 }
  const onDev = buildVerdict({ ...facts, seconds, tables: dev, split: 'dev' })
  const onTest = buildVerdict({ ...facts, seconds, tables: test })
  expect(verdictSchema.parse(onDev).split).toBe('dev')
  expect(onDev.limits).toContainEqual(expect.stringContaining('dev queries'))
  expect(onTest).not.toHaveProperty('split')
  // A table of which the cards hide every answer says nothing.
  const bare = test.map((table) => ({
    ...table,
    examples: 9,
    systems: table.systems.map((one) => ({ ...one, tasks: [] })),
  }))
  expect(buildVerdict({ ...facts, seconds, tables: [...test, ...bare] })).toEqual(onTest)
  expect(onTest.limits).not.toContainEqual(expect.stringContaining('dev queries'))
})

it('hands out, task by task, the head that is better than frozen on dev by more than noise, else the encoder', async () => {
  // Of card a the network finds every answer, of b none, of c it leaves all as it is.
  const target = { a: 1, b: -1, c: 0 }
  const knowing = {
    description: { side: 'query' },
    compileDocuments: () => null,
    transform: (card: CardVectors, _means: unknown, queries: Matrix) => {
      const sign = target[card.id!.split('/').at(-1) as keyof typeof target]
      const { documents } = tasks[0].encoded
      const rows = Array.from({ length: queries.rows }, (_, n) => {
        const query = queries.data.subarray(n * 12, (n + 1) * 12)
        const place = Array.from({ length: 60 }, (_, i) => i).find((i) =>
          tasks[0].encoded.queries.data
            .subarray(i * 12, (i + 1) * 12)
            .every((value, j) => value === query[j]),
        )!
        return sign === 0
          ? [...query]
          : [...inMemory(documents).data.subarray(place * 12, (place + 1) * 12)].map((value) => sign * value)
      })
      return createMatrix(queries.rows, 12, Float32Array.from(rows.flat()))
    },
    // Of no shape of which there are parts.
    compile: () => ({ weight: createMatrix(3, 12), bias: new Float32Array(3) }),
  } as unknown as Hypernetwork
  const tables = await scoreLadder({
    ...options,
    lexical: undefined,
    rows: ['frozen', 'task card', 'handed out'],
    networks: { 'task card': () => knowing },
  })
  const [bare] = tables
  const chosen = Object.fromEntries(
    bare.decisions!.map(({ task, chosen: { head } }) => [task!.split('/')[1], head]),
  )
  expect(chosen.a).toBe('task card')
  expect(chosen.b).not.toBe('task card')
  expect(chosen.c).not.toBe('task card')
  const valuesOf = (row: string, t: number) => [
    ...bare.systems.find((system) => system.row === row)!.tasks[t].values.get('nDCG@10')!,
  ]
  bare.systems[0].tasks.forEach(({ task }, t) => {
    const head = chosen[task.task.card.id]
    if (head === 'task card' || head === 'frozen')
      expect(valuesOf('handed out', t), task.task.id).toEqual(valuesOf(head, t))
  })
  const verdict = verdictOf(tables)
  const gains = verdict.differences.filter(({ a }) => a.row === 'handed out')
  expect(gains.map(({ b, best }) => [b.row, best])).toEqual(tables.map(() => ['frozen', false]))
  expect(verdict.differences.some(({ b }) => b.row === 'handed out')).toBe(false)
})

it('lets a collection of many dev queries decide for itself among many, and the others together', async () => {
  const collection = (id: string, dev: number, cards = 1) =>
    tinyTasks({
      id,
      documents: 110,
      queries: 110,
      dimensions: 12,
      cards: Array.from({ length: cards }, (_, i) => ({
        id: `card${i}`,
        train: answers(0, 4),
        dev: answers(4 + i, dev),
        test: answers(100, 4),
      })),
    })
  const small = Array.from({ length: 10 }, (_, i) => collection(`small${i}`, 3)).flat()
  const decide = async (seen: EncodedTask[]) => {
    const [{ decisions }] = await scoreLadder({
      ...options,
      seen,
      lexical: undefined,
      rows: ['frozen', 'task card', 'handed out'],
      mostExamples: 0,
    })
    return decisions!.map(({ task, tasks, queries, unit }) => ({ task, tasks, queries, unit }))
  }
  const together = { task: null, unit: 'tasks' }
  expect(await decide([...small.slice(0, 4), ...collection('big', 80), ...small.slice(4)])).toEqual([
    { task: 'big', tasks: 1, queries: 80, unit: 'queries' },
    { ...together, tasks: 10, queries: 30 },
  ])
  // What is left over of a run would be too few to decide together, or fell short by a query.
  const alone = await decide([...small.slice(1), ...collection('big', 80)])
  expect(alone.map(({ task }) => task)).toEqual([...small.slice(1).map(({ task }) => task.id), 'big'])
  expect(await decide([...small, ...collection('big', 79)])).toEqual([
    { ...together, tasks: 11, queries: 60 },
  ])
  // Tasks over one corpus say one thing twice.
  expect(await decide([...small, ...collection('twice', 80, 2)])).toMatchObject([together])
})

it('hands unseen cards what tasks that nothing trained and no table tests have chosen', async () => {
  const split = { seen: tasks.slice(0, 1), unseen: tasks.slice(1, 2), ruleTasks: tasks.slice(2) }
  const asked = { ...options, ...split, lexical: undefined, mostExamples: 0 }
  const tables = await scoreLadder(asked)
  const unseen = tables.find(({ cards }) => cards === 'unseen')!
  const [decision] = unseen.decisions!
  expect(decision).toMatchObject({ cards: 'unseen', task: null, tasks: 1, unit: 'tasks' })
  // One task is no sample: nothing is better by more than noise.
  expect(decision.chosen.head).toBe('frozen')
  expect(keysOf(unseen)).toContain('handed out')
  expect(tables.flatMap(({ systems }) => systems[0].tasks).map(({ task }) => task)).not.toContain(tasks[2])
  const without = await scoreLadder({ ...asked, ruleTasks: [] })
  expect(keysOf(without.find(({ cards }) => cards === 'unseen')!)).not.toContain('handed out')
})

it('asks over numbers of examples on the same queries, with what the most show hidden from all', async () => {
  const asked = {
    ...options,
    lexical: undefined,
    rows: ['frozen', 'exemplar shift', 'task card', 'handed out'],
    examples: [0, 2, 4],
  }
  const tables = await scoreLadder(asked)
  expect(tables.map(({ examples }) => examples)).toEqual([0, 2, 4])
  const queries = tables.map(({ systems }) => systems[0].tasks.map(({ queries }) => [...queries]))
  expect(queries[1]).toEqual(queries[0])
  expect(queries[2]).toEqual(queries[0])
  // Frozen looks at no card: only what is hidden could move it.
  const frozen = tables.map(({ systems }) =>
    systems[0].tasks.map(({ values }) => [...values.get('nDCG@10')!]),
  )
  expect(frozen[1]).toEqual(frozen[0])
  expect(frozen[2]).toEqual(frozen[0])
  expect(keysOf(tables[0])).toEqual(['frozen', 'task card'])
  expect(keysOf(tables[2])).toEqual(['frozen', 'exemplar shift', 'task card'])
  // Six train queries show no sixteen examples.
  expect(await scoreLadder({ ...asked, examples: [0, 16] })).toEqual([])
})

it('hands out BM25 beside the head where dev shows that it helps, and holds it against the frozen encoder with and without', async () => {
  // Words know the answer of every query, the vectors do not.
  const lexical = (_: EncodedTask, query: number) =>
    Float32Array.from({ length: 90 }, (_, document) => (document === query ? 1 : 0))
  const tables = await scoreLadder({ ...options, lexical, mostExamples: 0 })
  const [table] = tables
  for (const { bm25 } of table.decisions!) {
    expect(bm25!.candidates[0]).toMatchObject({ share: 0, lead: 0 })
    expect(bm25!.share).toBeGreaterThan(0)
  }
  const mean = (row: string, bm25: boolean) => {
    const scores = table.systems.find((system) => system.row === row && system.bm25 === bm25)!
    return scores.tasks.map(({ values }) => values.get('nDCG@10')!.reduce((sum, value) => sum + value, 0))
  }
  mean('handed out', true).forEach((value, t) => {
    expect(value).toBeGreaterThan(mean('handed out', false)[t])
  })
  const verdict = verdictOf(tables)
  expect(
    verdict.differences.filter(({ a }) => a.row === 'handed out').map(({ a, b }) => [a.bm25, systemLabel(b)]),
  ).toEqual([
    [false, 'frozen'],
    [true, 'frozen'],
    [true, 'frozen + BM25'],
  ])
  expect(JSON.stringify(verdict)).toContain('Beside BM25, its share chosen alike, it reaches')
})

it('tests a task of each family and ordinary collection, however many another one has', async () => {
  const cards = Array.from({ length: 50 }, (_, i) => ({
    id: `c${i}`,
    train: answers(0, 2),
    dev: answers(2, 2),
    test: answers(4, 2),
  }))
  const many = tinyTasks({ documents: 90, queries: 60, dimensions: 12, cards })
  const alone = tasks.map((task) => ({
    ...task,
    task: { ...task.task, collection: { ...task.task.collection, id: `alone ${task.task.card.id}` } },
  }))
  const [table] = await scoreLadder({
    ...options,
    seen: [...many, ...alone],
    networks: {},
    lexical: undefined,
    rows: ['frozen'],
    mostExamples: 0,
  })
  const tested = table.systems[0].tasks.map(({ task }) => task.task.collection.id)
  expect(tested).toHaveLength(40)
  expect(new Set(tested)).toEqual(new Set(['alone a', 'alone b', 'alone c', 'tiny']))
})

it('hands unseen cards no head without a card where a network has experts, which a gate keeps from other kinds', async () => {
  const experts = { names: ['/tiny'], of: [0], shared: false }
  const gated = {
    ...network,
    experts: () => ({ experts: [], nearest: { task: 'tiny/a', text: 1, corpus: 1 } }),
    description: { tasks: ['tiny/a'], side: 'query', experts },
  } as unknown as Hypernetwork
  const split = { seen: tasks.slice(0, 1), unseen: tasks.slice(1, 2), ruleTasks: tasks.slice(2) }
  const heads = async (made: Hypernetwork) => {
    const networks = { 'task card': () => made, 'no card': () => network }
    const asked = { ...options, ...split, networks, lexical: undefined, mostExamples: 0 }
    const tables = await scoreLadder(asked)
    return ['unseen', 'seen'].map((cards) => {
      const { decisions } = tables.find((table) => table.cards === cards)!
      return decisions![0].candidates.some(({ head }) => head === 'no card')
    })
  }
  expect(await heads(gated)).toEqual([false, true])
  expect(await heads(network)).toEqual([true, true])
})
