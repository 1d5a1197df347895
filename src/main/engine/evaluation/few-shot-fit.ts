import { throwIfCancelled } from '../../../shared/errors'
import { createMatrix, dot, gatherRows, row } from '../numeric/matrix'
import { randomStream, sampleIndices } from '../numeric/random'
import type { EncodedCollection } from '../preferences/encoded-collection'
import { createListwiseLoss, type ListwiseLoss } from '../training/losses/softmax/listwise-loss'

/** The examples of one card: query i and a document that answers it, as rows of the collection. */
export interface CardExamples {
  readonly queries: readonly number[]
  readonly documents: readonly number[]
}

const TEMPERATURE = 0.05
/** Documents of the softmax; a smaller corpus is taken whole. */
const CANDIDATES = 4000
const LEARNING_RATE = 0.05
const BETA1 = 0.9
const BETA2 = 0.999
const EPSILON = 1e-8
/** Logits held at once: 4 M float32 are 16 MB. */
const BLOCK_VALUES = 4_000_000

/**
 * For each card the bias b [d] of the head normalize(x + b) that is fitted to the card's own examples and to nothing else:
 * the mean over them of −log softmax(f(x)·C / τ) at the example's document, plus penalty·‖b‖², by Adam (Kingma and Ba 2015)
 * from b = 0. Low-rank maps beside the bias did worse in the prototype (docs/method.md#controls).
 * @param steps ascending numbers of steps
 * @returns [steps][cards]
 */
export async function fitBiases(options: {
  readonly encoded: EncodedCollection
  readonly cards: readonly CardExamples[]
  readonly penalty: number
  readonly steps: readonly number[]
  readonly seed: number
  readonly signal?: AbortSignal
}): Promise<Float32Array[][]> {
  const { encoded, cards, steps } = options
  const fitted: Float32Array[][] = steps.map(() => [])
  const documents = encoded.documents.rows
  const random = sampleIndices(
    documents,
    Math.min(CANDIDATES, documents),
    randomStream(options.seed, 'few-shot candidates'),
  )
  const loss = createListwiseLoss(encoded.documents.columns, TEMPERATURE, 1)
  try {
    for (const block of blocks(cards, random.length)) {
      const biases = await fitBlock(loss, block, random, options)
      biases.forEach((atStep, s) => {
        fitted[s].push(...atStep)
      })
    }
  } finally {
    loss.dispose()
  }
  return fitted
}

/** Cards in groups whose rows make one product with the candidates. */
function blocks(cards: readonly CardExamples[], candidates: number): CardExamples[][] {
  const out: CardExamples[][] = []
  let rows = Number.POSITIVE_INFINITY
  for (const card of cards) {
    if ((rows + card.queries.length) * candidates > BLOCK_VALUES) {
      out.push([])
      rows = 0
    }
    out[out.length - 1].push(card)
    rows += card.queries.length
  }
  return out
}

async function fitBlock(
  loss: ListwiseLoss,
  cards: readonly CardExamples[],
  random: readonly number[],
  options: Parameters<typeof fitBiases>[0],
): Promise<Float32Array[][]> {
  const { encoded, penalty, steps, signal } = options
  const d = encoded.documents.columns
  const corpusRows = [...new Set([...cards.flatMap(({ documents }) => documents), ...random])]
  const place = new Map(corpusRows.map((document, i) => [document, i]))
  const candidates = gatherRows(encoded.documents, corpusRows)
  const asked = cards.flatMap(({ queries }) => queries)
  const x = gatherRows(encoded.queries, asked)
  const n = asked.length
  const own = asked.map((query) => place.get(encoded.collection.ownDocument[query]))
  const targets = cards
    .flatMap(({ documents }) => documents)
    .flatMap((document, q) => [q, place.get(document)!])
  const batch = {
    masked: Int32Array.from(own.flatMap((at, q) => (at === undefined ? [] : [q, at]))),
    targets: Int32Array.from(targets),
    weights: new Float32Array(n).fill(1),
  }
  const out = { gradient: new Float32Array(n * d), rowLosses: new Float64Array(n) }
  const y = createMatrix(n, d)
  const lengths = new Float32Array(n)
  const state = cards.map(() => ({
    bias: new Float32Array(d),
    mean: new Float32Array(d),
    square: new Float32Array(d),
  }))
  const snapshots: Float32Array[][] = []
  for (let step = 1; step <= (steps.at(-1) ?? 0); step++) {
    // Lets a cancel in.
    await new Promise(setImmediate)
    throwIfCancelled(signal)
    let q = 0
    cards.forEach(({ queries }, c) => {
      for (let i = 0; i < queries.length; i++, q++) lengths[q] = shiftRow(row(x, q), state[c].bias, row(y, q))
    })
    loss.evaluate(y, { corpus: candidates, chosen: null }, batch, y.rows, out)
    q = 0
    cards.forEach(({ queries }, c) => {
      const { bias, mean, square } = state[c]
      // ∂/∂b of the mean over this card's examples; the loss was the mean over the examples of all cards.
      const gradient = Float64Array.from(bias, (value) => 2 * penalty * value)
      for (let i = 0; i < queries.length; i++, q++) {
        const pull = out.gradient.subarray(q * d, (q + 1) * d)
        const unit = row(y, q)
        const along = dot(pull, unit)
        const share = n / queries.length / lengths[q]
        for (let j = 0; j < d; j++) gradient[j] += share * (pull[j] - along * unit[j])
      }
      for (let j = 0; j < d; j++) {
        mean[j] = BETA1 * mean[j] + (1 - BETA1) * gradient[j]
        square[j] = BETA2 * square[j] + (1 - BETA2) * gradient[j] ** 2
        const slope = mean[j] / (1 - BETA1 ** step)
        bias[j] -= (LEARNING_RATE * slope) / (Math.sqrt(square[j] / (1 - BETA2 ** step)) + EPSILON)
      }
    })
    if (steps.includes(step)) snapshots.push(state.map(({ bias }) => bias.slice()))
  }
  return snapshots
}

/** @param out [d] normalize(x + b)  @returns the length before */
function shiftRow(x: Float32Array, bias: Float32Array, out: Float32Array): number {
  for (let j = 0; j < x.length; j++) out[j] = x[j] + bias[j]
  const length = Math.sqrt(dot(out, out))
  for (let j = 0; j < x.length; j++) out[j] /= length
  return length
}
