import * as tf from '@tensorflow/tfjs'
import { z } from 'zod'
import { createMatrix, type Matrix } from '../../numeric/matrix'
import { type CardCosines, comparedCards, cosinesWith } from '../experts/card-likeness'
import { chooseExperts, type ExpertChoice } from '../experts/choose-experts'
import { type ExpertPlan, expertsOf } from '../experts/expert-plan'
import type { MapTerm } from '../head-map'
import type { CardTensors, ParameterTensors } from '../network-tensors'
import { fixedParameter, parameter, zeros } from '../parameters'
import { cannotServe, type GeneratorSpec } from './generator-spec'

const options = z.strictObject({
  by: z
    .enum(['family', 'clusters'])
    .default('family')
    .describe(
      'Whose experts: a family’s (an ordinary collection is one of its own), or those of clusters of cards.',
    ),
  clusters: z
    .number()
    .int()
    .min(1)
    .max(64)
    .nullable()
    .default(null)
    .describe('How many clusters; none: as many as left-out cards fit best.'),
  shared: z
    .boolean()
    .default(true)
    .describe('One more expert for the cards of all families of several, with a gate of its own.'),
  sharedShare: z
    .number()
    .min(0)
    .max(0.9)
    .default(0.25)
    .describe('Share of a step’s cards that train the shared expert in the place of their own.'),
  ridge: z
    .number()
    .positive()
    .max(1)
    .default(1e-4)
    .describe('How soft the gates are: weight of the squares of their slopes.'),
  least: z.number().min(0).max(1).default(0.05).describe('A gate that opens less stays shut.'),
})
export type ExpertOptions = z.output<typeof options>

/** W = I + Σ_e s_e(z)·W_e and b = Σ_e s_e(z)·b_e, s_e = g_e / max(1, Σ g): an expert a family, chosen by how near the card is to its trained cards. */
export const experts: GeneratorSpec<typeof options> = {
  name: 'experts',
  title: 'Experts behind a card',
  summary:
    'A head for each family of trained cards. A new card gets those whose cards it is like, as far as it is like them; where none fits, the frozen encoder.',
  citation:
    'Jacobs, Jordan, Nowlan and Hinton, Adaptive mixtures of local experts, Neural Computation 1991; Gururangan et al., DEMix layers, NAACL 2022',
  options,
  create({ least }, { head, blocks, shape, experts: plan = NO_PLAN }) {
    const { map, vectors } = blocks
    if (map?.form === 'whole' && map.inputs !== map.outputs) {
      throw cannotServe(
        'experts',
        head,
        'its map is not square, so no expert at all would not be the frozen encoder',
        'Choose the head full, residual or bias.',
      )
    }
    const every = expertsOf(plan)
    const members = every.map((expert) => expert.members)
    const count = every.length
    const { dimensions: d } = shape
    /** Choices for each of T cards. */
    const choose = (p: ParameterTensors, cards: CardTensors) => {
      const trained = { text: matrixOf(p.trainedTexts), corpus: matrixOf(p.trainedCorpora) }
      const own = comparedCards(matrixOf(cards.description), matrixOf(cards.documents), matrixOf(p.middle))
      const values = p.gates.dataSync() as Float32Array
      const gates = members.map((_, e) => ({
        text: values[3 * e],
        corpus: values[3 * e + 1],
        bias: values[3 * e + 2],
      }))
      return Array.from(cards.ids, (_, t) => {
        const cosines = cosinesWith(own, t, trained)
        return { cosines, choices: chooseExperts(cosines, members, gates, least) }
      })
    }
    return {
      parameters: [
        ...(map ? [parameter('expertMaps', [count, map.inputs * map.outputs], zeros)] : []),
        ...vectors.map(({ name, size }) => parameter(`${name}Experts`, [count, size], zeros)),
        fixedParameter('trainedTexts', [plan.of.length, d]),
        fixedParameter('trainedCorpora', [plan.of.length, d]),
        fixedParameter('middle', [2, d]),
        fixedParameter('gates', [count, 3]),
      ],
      generate(p, cards) {
        const tasks = cards.ids.length
        const chosen = cards.shares
          ? null
          : sharesOf(cards, count, () => choose(p, cards).map(({ choices }) => choices))
        const shares = cards.shares ?? tf.tensor2d(chosen as Float32Array, [tasks, count])
        const mix = (name: string) => tf.matMul(shares, p[name] as tf.Tensor2D)
        const picks = chosen && onePicked(chosen, count)
        const maps: MapTerm[] = []
        if (map) {
          maps.push(
            picks
              ? { kind: 'picked', weights: p.expertMaps as tf.Tensor2D, picks }
              : { kind: 'dense', weight: tf.reshape(mix('expertMaps'), [tasks, map.inputs, map.outputs]) },
          )
          if (map.form === 'whole') maps.push({ kind: 'identity' })
        }
        return {
          map: maps,
          vectors: Object.fromEntries(
            vectors.map(({ name, start }) => [name, tf.add(mix(`${name}Experts`), start) as tf.Tensor2D]),
          ),
        }
      },
      choices(p, cards) {
        const [{ cosines, choices }] = choose(p, cards)
        return {
          experts: every.map(({ name }, e) => ({ name, ...choices[e] })),
          nearest: nearestCard(cosines),
        }
      },
    }
  },
}

const NO_PLAN: ExpertPlan = { names: [], of: [], shared: false }

/** [T, experts]. A card that names its one expert gets it whole. */
function sharesOf(cards: CardTensors, count: number, choose: () => ExpertChoice[][]): Float32Array {
  const shares = new Float32Array(cards.ids.length * count)
  let chosen: ExpertChoice[][] | null = null
  cards.experts.forEach((named, t) => {
    if (named >= 0) shares[t * count + named] = 1
    else {
      chosen ??= choose()
      chosen[t].forEach(({ share }, e) => {
        shares[t * count + e] = share
      })
    }
  })
  return shares
}

/** The one expert that makes all of each card's head, as in training; null where that is so of no or not of every card. */
function onePicked(shares: Float32Array, count: number): number[] | null {
  const picks = Array.from({ length: shares.length / count }, (_, t) =>
    shares.subarray(t * count, (t + 1) * count).indexOf(1),
  )
  return picks.includes(-1) ? null : picks
}

/** The trained card whose text and corpus together are nearest, null without any. */
function nearestCard({ text, corpus }: CardCosines) {
  if (text.length === 0) return null
  let place = 0
  for (let i = 1; i < text.length; i++) if (text[i] + corpus[i] > text[place] + corpus[place]) place = i
  return { place, text: text[place], corpus: corpus[place] }
}

function matrixOf(tensor: tf.Tensor): Matrix {
  const [rows, columns] = tensor.shape
  return createMatrix(rows, columns, tensor.dataSync() as Float32Array)
}
