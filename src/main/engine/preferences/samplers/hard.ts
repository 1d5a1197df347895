import { z } from 'zod'
import { type RandomStream, shuffled } from '../../numeric/random'
import { composePreferences, drawPositive, randomNegatives } from './compose-preferences'
import { type AskedQuery, type SamplerSpec, samplerOptions } from './sampler-spec'

const options = z.strictObject({
  ...samplerOptions,
  share: z.number().min(0).max(1).default(0.5).describe('share of hard negatives; the rest is random'),
  margin: z
    .number()
    .min(0)
    .default(0.5)
    .describe(
      "how far below its positive a negative must score, in standard deviations of the teacher's list",
    ),
  hardest: z
    .number()
    .int()
    .min(1)
    .default(30)
    .describe('negatives are drawn from this many best that pass the guard'),
  mask: z
    .boolean()
    .default(false)
    .describe('what the guard suspects to be relevant leaves the softmax too, and not only the negatives'),
  miner: z
    .enum(['bm25', 'dense'])
    .default('dense')
    .describe('whose lists supply the negatives when judgments are what is learned'),
})
type Options = z.output<typeof options>

/**
 * Hard negatives with a guard: a document is a negative only if it is not judged relevant and the teacher scores it a margin
 * below the positive. Documents that the teacher ranks beside or above the positive are as likely to be relevant and unjudged
 * as to be hard.
 */
export const hard: SamplerSpec<typeof options> = {
  name: 'hard',
  title: 'Hard negatives, guarded',
  summary:
    'Negatives that the teacher ranks high, but a margin below the positive and never judged relevant; random ones for the rest.',
  citation:
    'Moreira, Osmulski, Xu et al., NV-Retriever: improving text embedding models with effective hard-negative mining, 2024',
  options,
  readsLists: true,
  miner: ({ miner }) => ({ name: miner, options: {} }),
  create(material, chosen) {
    const negatives = (asked: AskedQuery, positive: number, count: number, random: RandomStream) =>
      guardedNegatives(asked, positive, count, material.documents, chosen, random)
    return composePreferences(material, chosen, {
      fill: true,
      candidates(asked, random) {
        const positive = drawPositive(asked, random)
        return positive < 0 ? [] : negatives(asked, positive, chosen.negatives, random)
      },
      suspects: (asked) => (chosen.mask ? suspects(asked, chosen.margin) : []),
      negatives,
      pairs(asked, count, random) {
        if (asked.positives.length === 0) return []
        const positive = drawPositive(asked, random)
        return negatives(asked, positive, count, random).map((document) => [positive, document] as const)
      },
    })
  },
}

function guardedNegatives(
  asked: AskedQuery,
  positive: number,
  count: number,
  documents: number,
  { share, margin, hardest }: Options,
  random: RandomStream,
): number[] {
  const { safe, unsafe } = splitList(asked, positive, margin)
  const mined = shuffled(safe.slice(0, hardest), random).slice(0, Math.round(count * share))
  const rest = randomNegatives(asked, count - mined.length, documents, [...unsafe, ...mined], random)
  return [...mined, ...rest]
}

/**
 * The list about one positive: what may be a negative, hardest first, and what may not. Where the list lacks the positive,
 * the teacher ranks all of it above, and nothing of it is safe.
 */
function splitList(
  asked: AskedQuery,
  positive: number,
  margin: number,
): { safe: number[]; unsafe: number[] } {
  const { list } = asked
  if (!list) return { safe: [], unsafe: [] }
  const known = new Set([...asked.positives, ...asked.judged, ...asked.excluded])
  const place = list.documents.indexOf(positive)
  const limit = place < 0 ? Number.NEGATIVE_INFINITY : list.scores[place] - margin
  const safe: number[] = []
  const unsafe: number[] = []
  list.documents.forEach((document, i) => {
    if (known.has(document)) return
    if (list.scores[i] <= limit && i > place) safe.push(document)
    else unsafe.push(document)
  })
  return { safe, unsafe }
}

/** What the teacher ranks beside or above the best positive of the query that it lists. */
function suspects(asked: AskedQuery, margin: number): number[] {
  const best = asked.list?.documents.find((document) => asked.positives.includes(document))
  return best === undefined ? [] : splitList(asked, best, margin).unsafe
}
