import { z } from 'zod'
import { cardCode, cardCodeParameters } from './card-code'
import { cannotServe, type GeneratorSpec } from './generator-spec'
import { baseParameters, baseTerms, factorParameters, factorTerm } from './map-terms'
import { skipOption } from './skip-option'
import { makeVectors, planVectors, vectorParameters } from './vector-plan'

const options = z.strictObject({
  skip: skipOption(true, ', which carries over to unseen cards; off: from the MLP, which memorises'),
})

/** A(z) B(z) of rank R, both factors generated, on top of a learned matrix where the head needs a whole one. */
export const lowRank: GeneratorSpec<typeof options> = {
  name: 'low-rank',
  title: 'Generated low rank',
  summary: 'The MLP writes two thin factors for each card instead of a whole matrix.',
  citation: 'Hu et al., LoRA, ICLR 2022; Karimi Mahabadi et al., HyperFormer, ACL 2021',
  options,
  create({ skip }, { head, blocks, shape, start }) {
    const { map } = blocks
    if (!map) {
      throw cannotServe(
        'low-rank',
        head,
        'it has no matrix',
        'Choose the head residual, projection or full, or the generator basis or bias.',
      )
    }
    const plans = planVectors(blocks, ({ role }) =>
      role === 'bias' ? { code: !skip, card: skip } : { code: true, card: false },
    )
    return {
      parameters: [
        ...cardCodeParameters(shape),
        ...baseParameters(map),
        ...factorParameters(map, shape),
        ...vectorParameters(plans, shape, start),
      ],
      generate(p, cards) {
        const code = cardCode(p, cards)
        return {
          map: [...baseTerms(map, p), factorTerm(p, code)],
          vectors: makeVectors(plans, p, cards, code),
        }
      },
    }
  },
}
