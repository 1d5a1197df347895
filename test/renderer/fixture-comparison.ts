/// <reference types="node" />
import type { CurveOf } from '../../src/shared/curves'
import type { Comparison, ResolvedComparisonRequest } from '../../src/shared/schemas/comparison'
import type {
  QueryComparison,
  QueryRankings,
  ResolvedQueryComparisonRequest,
  ResolvedQueryRankingsRequest,
} from '../../src/shared/schemas/query-comparison'
import type { Curves } from '../../src/shared/schemas/runs/training-curves'
import type { TaskMatrix, TaskMatrixRequest } from '../../src/shared/schemas/tables/task-matrix'
import { madeDifference } from '../made-verdict'
import { DOCUMENTS, randomFrom, TASKS } from './fixture-world'

const N = 1200
const POINTS = 400

/** Two networks that learn: base64 columns as the engine gives them. */
export function fixtureCurves(id: string, of: CurveOf): Curves {
  const columns = (system: string, place: number) => {
    const random = randomFrom(id.length + place)
    const step = Int32Array.from({ length: POINTS }, (_, i) => 4 * (i + 1))
    const seconds = Float32Array.from({ length: POINTS }, (_, i) => i * 0.4)
    const value = Float32Array.from({ length: POINTS }, (_, i) => 2 + 5 * Math.exp(-i / 80) + 0.4 * random())
    const base64 = (column: Int32Array | Float32Array) => Buffer.from(column.buffer).toString('base64')
    return {
      system,
      steps: 4 * POINTS,
      points: POINTS,
      thinned: false,
      step: base64(step),
      seconds: base64(seconds),
      value: base64(value),
    }
  }
  return {
    measure: of === 'dev' ? 'nDCG@10' : null,
    systems: of === 'cosine' ? [] : [columns('task card', 0), columns('no card', 1)],
  }
}

export function fixtureComparison({
  runs,
  measures,
  cards,
  examples,
}: ResolvedComparisonRequest): Comparison {
  const letters = [...runs.keys()].map((at) => 'abcdefghijklmnopqrstuvwxyz'[at])
  const all = measures.length ? measures : ['nDCG@10']
  const means = runs.map((_, at) => 0.176 + 0.008 * at)
  return {
    version: 2,
    cards: cards ?? 'unseen',
    examples: examples ?? 0,
    unit: 'tasks',
    units: 83,
    tasks: TASKS.filter((_, index) => index % 5 === 2).map(({ id }) => id),
    n: N,
    measures: [...all],
    systems: runs.map((run, at) => ({
      letter: letters[at],
      name: `task card · ${run}`,
      run,
      row: 'task card',
      mean: Object.fromEntries(all.map((measure) => [measure, means[at]])),
      beats: Object.fromEntries(all.map((measure) => [measure, []])),
    })),
    pairs: all.flatMap((measure) =>
      letters.flatMap((a, i) =>
        letters.slice(i + 1).map((b, j) => ({
          a,
          b,
          measure,
          delta: means[i] - means[i + 1 + j],
          low: -0.02,
          high: 0.004,
          p: 0.2,
          corrected: 0.2,
          family: 1,
          student: null,
          effect: null,
          detectable: null,
          wins: 310,
          losses: 402,
          ties: N - 712,
        })),
      ),
    ),
    runs: [...runs],
    differs: [],
  }
}

/** Differences from the greatest loss to the greatest win. */
const delta = (at: number) => Math.round(100 * (at / (N - 1) - 0.55)) / 100

export function fixtureQueries(request: ResolvedQueryComparisonRequest): QueryComparison {
  const order = Array.from({ length: N }, (_, i) => (request.order === 'losses' ? i : N - 1 - i))
  const tally = {
    n: N,
    wins: order.filter((at) => delta(at) > 0).length,
    losses: order.filter((at) => delta(at) < 0).length,
    ties: order.filter((at) => delta(at) === 0).length,
  }
  const found = request.find ? order.findIndex((at) => `q${at}` === request.find!.query) : -1
  return {
    cards: request.cards ?? 'unseen',
    examples: request.examples ?? 0,
    ...tally,
    tasks: { [TASKS[2].id]: tally, [TASKS[7].id]: { n: 0, wins: 0, losses: 0, ties: 0 } },
    profile: order.filter((_, i) => i % 2 === 0).map(delta),
    found: found < 0 ? null : found,
    queries: order.slice(request.from, request.from + request.most).map((at) => ({
      task: TASKS[2].id,
      query: `q${at}`,
      text: `query number ${at}`,
      a: 0.5 + delta(at) / 2,
      b: 0.5 - delta(at) / 2,
    })),
  }
}

export function fixtureRankings({ query, most }: ResolvedQueryRankingsRequest): QueryRankings {
  const documents = DOCUMENTS.slice(0, most)
  const ranking = (turn: number) => ({
    depth: 100,
    documents: documents.map((_, i) => {
      const { id, text } = documents[(i + turn) % documents.length]
      return {
        document: id,
        text,
        grade: (i + turn) % 4 === 1 ? 1 : null,
        rank: i + 1,
        score: 0.9 - i / 20,
        other: ((i + 2 * turn) % documents.length) + 1,
      }
    }),
  })
  return {
    text: query.replace('q', 'query number '),
    a: ranking(0),
    b: ranking(1),
    missed: [{ document: DOCUMENTS[50].id, text: DOCUMENTS[50].text, grade: 1, a: 31, b: null }],
  }
}

/** Three unseen tasks whose own card is worth .2 over the frozen encoder and any other .05. */
export function fixtureMatrix({ run, examples }: TaskMatrixRequest): TaskMatrix {
  const tasks = TASKS.slice(0, 3)
  const {
    delta: _,
    unit,
    n: __,
    low,
    high,
    p,
    corrected,
    family,
    student,
    effect,
    detectable,
  } = madeDifference()
  return {
    version: 1,
    run,
    createdAt: '2026-01-02T08:00:00Z',
    examples,
    measure: 'nDCG@10',
    split: 'test',
    seed: 1,
    sampledFrom: TASKS.length,
    datasets: [],
    tasks: tasks.map(({ id, name }, row) => ({
      task: id,
      name,
      cards: 'unseen',
      n: 30,
      frozen: 0.1,
      scores: tasks.map((_, card) => (row === card ? 0.3 : 0.15)),
    })),
    margin: { delta: 0.15, low, high, p, corrected, family, student, effect, detectable, unit, n: 3 },
    seconds: 4,
  }
}
