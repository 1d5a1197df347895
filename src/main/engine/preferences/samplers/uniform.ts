import { z } from 'zod'
import { composePreferences, drawPositive, randomNegatives } from './compose-preferences'
import { type SamplerSpec, samplerOptions } from './sampler-spec'

const options = z.strictObject(samplerOptions)

export const uniform: SamplerSpec<typeof options> = {
  name: 'uniform',
  title: 'Uniform',
  summary:
    'Everything that is to be found in a step, against random documents, up to the whole corpus. Needs no teacher but judgments.',
  citation:
    'Bengio and Senécal, Adaptive importance sampling to accelerate training of a neural probabilistic language model, 2008',
  options,
  readsLists: false,
  miner: () => null,
  create: (material, chosen) =>
    composePreferences(material, chosen, {
      fill: true,
      candidates: () => [],
      suspects: () => [],
      negatives: (asked, _, count, random) => randomNegatives(asked, count, material.documents, [], random),
      pairs(asked, count, random) {
        if (asked.positives.length === 0) return []
        const worse = randomNegatives(asked, count, material.documents, [], random)
        return worse.map((document) => [drawPositive(asked, random), document] as const)
      },
    }),
}
