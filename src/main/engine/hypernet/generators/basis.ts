import { z } from 'zod'
import { cardCode, cardCodeParameters } from './card-code'
import type { GeneratorSpec } from './generator-spec'
import {
  baseParameters,
  baseTerms,
  basisParameters,
  basisTerm,
  coefficientParameters,
  coefficients,
} from './map-terms'
import { skipOption } from './skip-option'
import { makeVectors, planVectors, usesCode, vectorParameters } from './vector-plan'

const options = z.strictObject({
  skip: skipOption(true, ', which carries over to unseen cards; off: from the MLP, which memorises'),
})

/** Σ_k c_k(z)·A_k B_k: an MLP mixes K low-rank matrices that all cards share; the bias comes by linear maps of the card. */
export const basis: GeneratorSpec<typeof options> = {
  name: 'basis',
  title: 'Mixed basis',
  summary: 'A card mixes low-rank maps that all tasks share. Small, stable, the default.',
  citation: 'Ha, Dai and Le, HyperNetworks, ICLR 2017; Hu et al., LoRA, ICLR 2022',
  options,
  create({ skip }, { blocks, shape, start }) {
    const { map } = blocks
    const plans = planVectors(blocks, ({ role }) =>
      role === 'bias' ? { code: !skip, card: skip } : { code: true, card: false },
    )
    const coded = map !== null || usesCode(plans)
    return {
      parameters: [
        ...(coded ? cardCodeParameters(shape) : []),
        ...(map
          ? [
              ...baseParameters(map),
              ...coefficientParameters(shape),
              ...basisParameters(map, shape.basis * shape.rank),
            ]
          : []),
        ...vectorParameters(plans, shape, start),
      ],
      generate(p, cards) {
        const code = coded ? cardCode(p, cards) : null
        return {
          map: map ? [...baseTerms(map, p), basisTerm(p, coefficients(p, code!))] : [],
          vectors: makeVectors(plans, p, cards, code),
        }
      },
    }
  },
}
