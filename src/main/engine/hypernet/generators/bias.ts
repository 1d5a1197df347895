import { z } from 'zod'
import { cardCode, cardCodeParameters } from './card-code'
import type { GeneratorSpec } from './generator-spec'
import { sharedMapParameters, sharedMapTerms } from './map-terms'
import { skipOption } from './skip-option'
import { makeVectors, planVectors, usesCode, vectorParameters } from './vector-plan'

const options = z.strictObject({
  skip: skipOption(true, ', which carries over to unseen cards; off: from the MLP, which memorises'),
})

/** b(z) alone; everything else of the head is learned once for all cards. */
export const bias: GeneratorSpec<typeof options> = {
  name: 'bias',
  title: 'Bias only',
  summary: 'A card only moves the vectors; the rest of the head is one for all tasks.',
  citation: 'Ben Zaken, Ravfogel and Goldberg, BitFit, ACL 2022',
  options,
  create({ skip }, { blocks, shape, start }) {
    const { map } = blocks
    const plans = planVectors(blocks, ({ role }) => ({
      code: !skip && role === 'bias',
      card: skip && role === 'bias',
    }))
    const coded = usesCode(plans)
    return {
      parameters: [
        ...(coded ? cardCodeParameters(shape) : []),
        ...(map ? sharedMapParameters(map, shape) : []),
        ...vectorParameters(plans, shape, start),
      ],
      generate: (p, cards) => ({
        map: map ? sharedMapTerms(map, p) : [],
        vectors: makeVectors(plans, p, cards, coded ? cardCode(p, cards) : null),
      }),
    }
  },
}
