import { z } from 'zod'
import type { GeneratorSpec } from './generator-spec'
import { sharedMapParameters, sharedMapTerms } from './map-terms'
import { skipOption } from './skip-option'
import { makeVectors, planVectors, vectorParameters } from './vector-plan'

const options = z.strictObject({ skip: skipOption(false, ', added to the constant one') })

/** One head for all cards. A control: what is learned without looking at the card. */
export const constant: GeneratorSpec<typeof options> = {
  name: 'constant',
  title: 'Constant',
  summary: 'The same head for every card: the control that says what looking at the card is worth.',
  citation: 'Houlsby et al., Parameter-efficient transfer learning for NLP, ICML 2019 (one adapter for all)',
  options,
  create({ skip }, { blocks, shape, start }) {
    const { map } = blocks
    const plans = planVectors(blocks, ({ role }) => ({ code: false, card: skip && role === 'bias' }))
    return {
      parameters: [...(map ? sharedMapParameters(map, shape) : []), ...vectorParameters(plans, shape, start)],
      generate: (p, cards) => ({
        map: map ? sharedMapTerms(map, p) : [],
        vectors: makeVectors(plans, p, cards, null),
      }),
    }
  },
}
