import { seenVectors } from '../../hypernet/card-vectors'
import { createMatrix, type Matrix, meanOfVectors, meanRow, row } from '../../numeric/matrix'
import { randomStream } from '../../numeric/random'
import type { Checkpoint } from '../../training/checkpoint'
import { PROBE_SEED } from '../probe-texts'

/** A card that a compiler is tried with, in vectors. */
export interface ProbeCard {
  /** The trained corpus that it is for, or another. */
  readonly dataset: string
  /** [d] */
  readonly description: Float32Array
  /** Means of its examples, [d] each; null: it has none. */
  readonly examples: {
    readonly count: number
    readonly queries: Float32Array
    readonly documents: Float32Array
  } | null
  /** [d] mean document of the corpus */
  readonly corpus: Float32Array
}

/** Of a corpus that no run knows. */
const OTHER = 'another corpus'
const MOST_EXAMPLES = 5
/** How far probes of networks with experts lie on the way to a trained card: no random text opens a gate. */
const PULLS = [0, 1, 0.8, 0.6] as const

/**
 * As many cards as there are texts: with and without examples, for trained corpora and, where the network knows several, for
 * another one. Where experts choose, most lie near trained cards, and those for another corpus near none.
 * @param queries [n, d] of the texts as queries  @param documents [n, d] of the same texts as documents
 */
export function probeCards(checkpoint: Checkpoint, queries: Matrix, documents: Matrix): ProbeCard[] {
  const { corpusMeans } = checkpoint
  const random = randomStream(PROBE_SEED, 'probe cards')
  const pull = pullToTrained(checkpoint)
  const datasets = [...corpusMeans.keys()]
  return Array.from({ length: queries.rows }, (_, i) => {
    const dataset = datasets.length > 1 && i % 4 === 0 ? OTHER : datasets[i % datasets.length]
    const count = i % 3 === 0 ? 0 : 1 + random.integer(MOST_EXAMPLES)
    const shown = Int32Array.from({ length: count }, () => random.integer(queries.rows))
    const card = {
      dataset,
      description: row(queries, i),
      examples:
        count === 0
          ? null
          : { count, queries: meanRow(queries, shown), documents: meanRow(documents, shown) },
      corpus: corpusMeans.get(dataset)?.documents ?? meanRow(documents),
    }
    return pull ? pull(card, random.integer(pull.cards), PULLS[i % PULLS.length]) : card
  })
}

interface Pull {
  (card: ProbeCard, trained: number, share: number): ProbeCard
  /** How many trained cards there are. */
  readonly cards: number
}

/** Null for a network without experts. */
function pullToTrained({ description, parameters, descriptionMean, corpusMeans }: Checkpoint): Pull | null {
  const named = (name: string) => parameters.find((one) => one.name === name)
  const [texts, corpora, middle] = [named('trainedTexts'), named('trainedCorpora'), named('middle')]
  if (!description.experts || !texts || !corpora || !middle) return null
  const rows = ({ data, shape }: typeof texts) => createMatrix(shape[0], shape[1], data)
  const [middles, directions] = [rows(middle), { text: rows(texts), corpus: rows(corpora) }]
  /** A vector on its way to where a trained one lies, as far from the middle as it is itself. */
  const towards = (own: Float32Array, mean: Float32Array, part: 0 | 1, to: Float32Array, share: number) => {
    const centre = mean.map((value, i) => value + row(middles, part)[i])
    const distance = Math.hypot(...own.map((value, i) => value - centre[i]))
    return own.map((value, i) => value + share * (centre[i] + distance * to[i] - value))
  }
  const pull = (card: ProbeCard, trained: number, share: number): ProbeCard => {
    const { documents } = seenVectors(description.conditioning)
    const [text, corpus] = [row(directions.text, trained), row(directions.corpus, trained)]
    const known = meanOfVectors([...corpusMeans.values()].map((means) => means.documents))
    const mean = description.conditioning.includes('corpus') ? known : card.corpus
    return {
      ...card,
      description: towards(card.description, descriptionMean, 0, text, share),
      ...(documents === 'corpus' ? { corpus: towards(card.corpus, mean, 1, corpus, share) } : {}),
      ...(documents === 'documents' && card.examples
        ? {
            examples: {
              ...card.examples,
              documents: towards(card.examples.documents, mean, 1, corpus, share),
            },
          }
        : {}),
    }
  }
  return Object.assign(pull, { cards: texts.shape[0] })
}
