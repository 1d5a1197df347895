import { z } from 'zod'
import { HydraError, throwIfCancelled } from '../../../shared/errors'
import { matching, type Ranking, rankRow } from '../retrieval/corpus-index'
import {
  type ChosenWeights,
  chooseWeights,
  FUSION_METHODS,
  type FusionMethod,
  fuse,
  listScores,
  minMaxScores,
  RRF_K,
  zScores,
} from '../retrieval/fusion'
import { descendingIdOrder } from '../retrieval/top-k'
import { judgedQueries } from './judged-queries'
import { judgments } from './judgments'
import type { OrderOptions, Teacher, TeacherMaterial, TeacherSpec } from './teacher'

/** Four systems make 286 combinations of weights, five a thousand. */
const MOST_MEMBERS = 4
/** Ranks of a list beyond this one add nothing to speak of to a reciprocal rank fusion. */
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
  method: z.enum(FUSION_METHODS).default('zscore').describe('how scores are brought to one scale'),
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
  async create(material, { of, memberOptions, method, k, weights: given }, open) {
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

    async function* rows(queryRows: Int32Array, signal?: AbortSignal): AsyncGenerator<Float32Array[]> {
      const streams = members.map((member) => normalizedRows(member, queryRows, { method, k, size, signal }))
      try {
        for (let i = 0; i < queryRows.length; i++) {
          throwIfCancelled(signal)
          yield await Promise.all(streams.map(async (stream) => (await stream.next()).value as Float32Array))
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
        for await (const scored of rows(
          Int32Array.from(dev, ({ query }) => query),
          signal,
        )) {
          const { query, grades, ideal } = dev[at++]
          choice.add({ rows: scored, grades, ideal, excluded: [collection.ownDocument[query]] })
        }
        chosen = choice.best()
      }
      return chosen.weights
    }

    async function* score(queryRows: Int32Array, { signal, onProgress }: OrderOptions = {}) {
      throwIfCancelled(signal)
      const weights = await settleWeights(signal)
      let done = 0
      for await (const scored of rows(queryRows, signal)) {
        yield fuse(scored, weights)
        onProgress?.(++done, queryRows.length)
      }
    }

    return {
      async order(queryRows, depth, options) {
        const rankings: Ranking[] = []
        for await (const fused of score(queryRows, options)) {
          const own = collection.ownDocument[queryRows[rankings.length]]
          const ranking = rankRow(fused, depth, tieOrder, [own])
          // A document that no list names has no reciprocal rank.
          rankings.push(method === 'rrf' ? matching(ranking) : ranking)
        }
        return rankings
      },
      ...(method === 'rrf' ? {} : { score }),
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

/** One member's scores on the common scale, [documents] for one query after the other. */
async function* normalizedRows(
  member: Teacher,
  queryRows: Int32Array,
  { method, k, size, signal }: { method: FusionMethod; k: number; size: number; signal?: AbortSignal },
): AsyncGenerator<Float32Array, void, void> {
  if (member.score && method !== 'rrf') {
    const normalize = method === 'zscore' ? zScores : minMaxScores
    for await (const scores of member.score(queryRows, { signal })) yield normalize(scores, scores)
    return
  }
  const lists = await member.order(queryRows, Math.min(size, LIST_DEPTH), { signal })
  for (const list of lists) yield listScores(list, size, method, k)
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
