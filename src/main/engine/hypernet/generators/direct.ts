import { z } from 'zod'
import { cardCode, cardCodeParameters } from './card-code'
import type { GeneratorSpec } from './generator-spec'
import { denseParameters, denseTerm, factorParameters, factorTerm } from './map-terms'
import { skipOption } from './skip-option'
import { makeVectors, planVectors, vectorParameters } from './vector-plan'

const options = z.strictObject({ skip: skipOption(false, ', added to what the MLP makes') })

/** Every weight of the head by one linear layer of the MLP's code: W(z) = W0 + h(z) G. */
export const direct: GeneratorSpec<typeof options> = {
  name: 'direct',
  title: 'Direct',
  summary:
    'The MLP writes every weight of the head: the original Hydra’s generator. With the projection head about 26 million weights.',
  citation: 'Ha, Dai and Le, HyperNetworks, ICLR 2017',
  options,
  create({ skip }, { blocks, shape, start }) {
    const { map } = blocks
    const plans = planVectors(blocks, ({ role }) => ({ code: true, card: skip && role === 'bias' }))
    const mapParameters =
      map === null ? [] : map.form === 'added' ? factorParameters(map, shape) : denseParameters(map, shape)
    return {
      parameters: [...cardCodeParameters(shape), ...mapParameters, ...vectorParameters(plans, shape, start)],
      generate(p, cards) {
        const code = cardCode(p, cards)
        return {
          map: map === null ? [] : [map.form === 'added' ? factorTerm(p, code) : denseTerm(p, code)],
          vectors: makeVectors(plans, p, cards, code),
        }
      },
    }
  },
}
