import { z } from 'zod'
import { HydraError, throwIfCancelled } from '../../../shared/errors'
import { NORMALISATIONS, type Normalisation, USUAL_NORMALISATION } from '../../../shared/normalisation'
import { type ChosenWeights, chooseWeights } from '../retrieval/choose-weights'
import { matching, type Ranking, rankRow } from '../retrieval/corpus-index'
import {
  type Fusion,
  listScores,
  minMaxScores,
  type RowScale,
  RRF_K,
  rawListScores,
  sumOf,
  zScores,
} from '../retrieval/fusion'
import { descendingIdOrder } from '../retrieval/top-k'
import { unionFusion } from '../retrieval/union-fusion'
import { judgedQueries } from './judged-queries'
import { judgments } from './judgments'
import type { OrderOptions, Teacher, TeacherMaterial, TeacherSpec } from './teacher'

/** Four systems make 286 combinations of weights, five a thousand. */
const MOST_MEMBERS = 4
/** Ranks of a list beyond this one add nothing to speak of to a reciprocal rank fusion, and min-max looks no further. */
const LIST_DEPTH = 1000

const options = z.strictObject({
  of: z
    .array(z.string().min(1))
    .min(2)
    .max(MOST_MEMBERS)
    .default(['dense', 'bm25'])
    .describe('the teachers that are fused; where weights do equally well, the first ones get more'),
  memberOptions: z
    .record(z.string(), z.record(z.string(), z.unknown()))
    .default({})
    .describe('options of each, by its name'),
  normalisation: z
    .enum([...NORMALISATIONS, 'corpus-min-max', 'rrf'])
    .default(USUAL_NORMALISATION)
    .describe(
      'how scores are brought to one scale: min-max over the union of the first 1,000 of each, z-score or corpus-min-max over the whole corpus; rrf takes ranks alone',
    ),
  k: z.number().positive().default(RRF_K).describe('constant of reciprocal rank fusion: greater is flatter'),
  weights: z
    .array(z.number().min(0))
    .nullable()
    .default(null)
    .describe(
      'one weight for each teacher; none: shares, chosen for each task on its dev queries, zero allowed',
    ),
})

export const fusion: TeacherSpec<typeof options> = {
  name: 'fusion',
  title: 'Fusion',
  summary:
    'A weighted sum of other teachers, by scores over the whole corpus or by ranks. Often better than each of them, if the weights suit the task: they are chosen on dev.',
  citation:
    'Cormack, Clarke and Büttcher, Reciprocal rank fusion, SIGIR 2009; Bruch, Gai and Ingber, An analysis of fusion functions for hybrid retrieval, ACM TOIS 42(1), 2023',
  options,
  anyQuery: true,
  async create(material, { of, memberOptions, normalisation, k, weights: given }, open) {
    const { collection, task } = material
    for (const name of of) requireAnyQuery(name)
    if (given && (given.length !== of.length || !given.some((weight) => weight > 0))) {
      throw new HydraError('USAGE', {
        expected: `${of.length} weights, one for each of ${of.join(', ')}, not all zero`,
        got: JSON.stringify(given),
        remedy: 'Give as many weights as teachers, or none to have them chosen on dev.',
      })
    }
    const dev = given ? [] : devQueries(material)
    const members: Teacher[] = []
    for (const name of of) members.push(await open(name, memberOptions[name]))
    const size = collection.documents.ids.length
    const tieOrder = descendingIdOrder(collection.documents.ids)
    let chosen: ChosenWeights | null = null

    async function* fusions(queryRows: Int32Array, signal?: AbortSignal): AsyncGenerator<Fusion> {
      const streams = members.map((member) =>
        memberRows(member, queryRows, { normalisation, k, size, signal }),
      )
      try {
        for (const query of queryRows) {
          throwIfCancelled(signal)
          const rows = await Promise.all(
            streams.map(async (stream) => (await stream.next()).value as Float32Array),
          )
          if (normalisation !== 'min-max') {
            yield sumOf(rows)
            continue
          }
          const own = collection.ownDocument[query]
          // It would be the end of the scale, and no ranking has it.
          if (own >= 0) for (const row of rows) row[own] = Number.NEGATIVE_INFINITY
          yield unionFusion(rows, tieOrder)
        }
      } finally {
        await Promise.all(streams.map((stream) => stream.return()))
      }
    }

    async function settleWeights(signal?: AbortSignal): Promise<readonly number[]> {
      if (given) return given
      if (!chosen) {
        const choice = chooseWeights({ systems: of.length, tieOrder })
        let at = 0
        for await (const fused of fusions(
          Int32Array.from(dev, ({ query }) => query),
          signal,
        )) {
          const { query, grades, ideal } = dev[at++]
          choice.add({ fused, grades, ideal, excluded: [collection.ownDocument[query]] })
        }
        chosen = choice.best()
      }
      return chosen.weights
    }

    async function* sums(queryRows: Int32Array, { signal, onProgress }: OrderOptions = {}) {
      throwIfCancelled(signal)
      const weights = await settleWeights(signal)
      let done = 0
      for await (const fused of fusions(queryRows, signal)) {
        yield fused(weights)
        onProgress?.(++done, queryRows.length)
      }
    }

    return {
      async order(queryRows, depth, options) {
        const rankings: Ranking[] = []
        for await (const fused of sums(queryRows, options)) {
          const own = collection.ownDocument[queryRows[rankings.length]]
          const ranking = rankRow(fused, depth, tieOrder, [own])
          // A document that no list names has no reciprocal rank.
          rankings.push(normalisation === 'rrf' ? matching(ranking) : ranking)
        }
        return rankings
      },
      ...(normalisation === 'rrf'
        ? {}
        : {
            async *score(queryRows: Int32Array, options?: OrderOptions) {
              for await (const row of sums(queryRows, options)) yield Float32Array.from(row)
            },
          }),
      settled() {
        if (!chosen) return null
        const shares = of.map((name, i) => `${name} ${(chosen as ChosenWeights).weights[i]}`)
        return `${shares.join(', ')}, chosen on ${chosen.queries} dev queries of ${task?.id}`
      },
      async dispose() {
        await Promise.all(members.map((member) => member.dispose()))
      },
    }
  },
}

/** One member's scores, [documents] for one query after the other: raw for min-max, which needs all members, else on their scale. */
async function* memberRows(
  member: Teacher,
  queryRows: Int32Array,
  options: {
    readonly normalisation: Normalisation | RowScale
    readonly k: number
    readonly size: number
    readonly signal?: AbortSignal
  },
): AsyncGenerator<Float32Array, void, void> {
  const { normalisation, k, size, signal } = options
  if (member.score && normalisation !== 'rrf') {
    for await (const scores of member.score(queryRows, { signal })) {
      if (normalisation === 'min-max') yield scores
      else yield normalisation === 'z-score' ? zScores(scores, scores) : minMaxScores(scores, scores)
    }
    return
  }
  const lists = await member.order(queryRows, Math.min(size, LIST_DEPTH), { signal })
  for (const list of lists)
    yield normalisation === 'min-max' ? rawListScores(list, size) : listScores(list, size, normalisation, k)
}

function devQueries({ task }: TeacherMaterial) {
  if (!task) throw new RangeError('fusion weights are chosen on the dev queries of a task')
  const queries = judgedQueries(task.collection, task.dev)
  if (queries.length > 0) return queries
  throw new HydraError('TASK_UNUSABLE', {
    expected: `dev queries of ${task.id}, on which the weights of the fusion are chosen`,
    got: 'no dev split with a relevant document',
    remedy: 'Give the weights (1 and 1 are a fair start), or add a train or dev split to the dataset.',
  })
}

function requireAnyQuery(name: string): void {
  if (name !== judgments.name) return
  throw new HydraError('USAGE', {
    expected: 'teachers that can order documents for every query',
    got: name,
    remedy: 'Judgments know the train queries only: use them as the teacher itself, not as part of a fusion.',
  })
}
