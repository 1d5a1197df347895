import { z } from 'zod'
import type { RandomStream } from '../../numeric/random'
import type { StandardList } from '../calibrated-lists'
import { composePreferences, randomNegatives } from './compose-preferences'
import { type AskedQuery, type SamplerSpec, samplerOptions } from './sampler-spec'

const options = z.strictObject({
  ...samplerOptions,
  hardFrom: z
    .number()
    .int()
    .min(2)
    .default(5)
    .describe('first rank of the hard negatives; better ones are preferred'),
  hardTo: z.number().int().min(2).default(20).describe('last rank of the hard negatives'),
  share: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('share of hard negatives; the rest is from the bottom half'),
})
type Options = z.output<typeof options>

/**
 * The original Hydra's preferences: pairs of an ordering alone. 100 candidates from the union of the teachers' lists, 16
 * pairs a query; the better document from above the hard ranks, the worse one from ranks 5 to 20 or from the bottom half.
 */
export const original: SamplerSpec<typeof options> = {
  name: 'original',
  title: "The original's",
  summary:
    "Pairs of a teacher's ordering: its best against ranks 5 to 20, and against its bottom half. No guard against relevant documents among the negatives.",
  citation: 'The original Hydra; pairs as in Burges, Shaked, Renshaw et al., 2005',
  options,
  readsLists: true,
  miner: () => null,
  create: (material, chosen) =>
    composePreferences(material, chosen, {
      fill: false,
      candidates: ({ list }) => Array.from(list?.documents ?? []),
      suspects: () => [],
      negatives(asked, positive, count, random) {
        const worse = asked.list ? drawRanks(asked, asked.list, count, chosen, random).map(([, w]) => w) : []
        const listed = [...new Set(worse)].filter((document) => document !== positive)
        return listed.length > 0 ? listed : randomNegatives(asked, count, material.documents, [], random)
      },
      pairs: (asked, count, random) =>
        asked.list ? drawRanks(asked, asked.list, count, chosen, random) : [],
    }),
}

function drawRanks(
  { excluded }: AskedQuery,
  list: StandardList,
  count: number,
  { hardFrom, hardTo, share }: Options,
  random: RandomStream,
): (readonly [number, number])[] {
  const documents = Array.from(list.documents).filter((document) => !excluded.includes(document))
  const length = documents.length
  if (length < 2) return []
  // In a short list the better half stands in for the ranks above the hard ones.
  const top = Math.min(hardFrom - 1, Math.floor(length / 2))
  const bottom = Math.max(top, Math.ceil(length / 2))
  const hardEnd = Math.min(hardTo, length)
  const hard = Math.round(count * share)
  return Array.from({ length: count }, (_, i) => {
    const better = random.integer(top)
    const worse =
      i < hard && hardEnd > top
        ? top + random.integer(hardEnd - top)
        : bottom + random.integer(length - bottom)
    return [documents[better], documents[worse]] as const
  })
}
