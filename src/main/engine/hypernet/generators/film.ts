import * as tf from '@tensorflow/tfjs'
import { z } from 'zod'
import type { MapBlock } from '../heads/head-spec'
import type { ParameterTensors } from '../network-tensors'
import { constant, type NetworkShape, type ParameterSpec, parameter, zeros } from '../parameters'
import { cardCode, cardCodeParameters } from './card-code'
import { cannotServe, type GeneratorSpec } from './generator-spec'
import { baseTerms, basisTerm, sharedMapParameters } from './map-terms'
import { skipOption } from './skip-option'
import { makeVectors, planVectors, vectorParameters } from './vector-plan'

const options = z.strictObject({ skip: skipOption(false, ', added to what the MLP makes') })

/**
 * γ(z) and β(z) for the units of a learned head: the outputs after its normalisation where it has one, else the units of
 * its bottleneck (residual) or of its matrix (full), with β as the bias.
 */
export const film: GeneratorSpec<typeof options> = {
  name: 'film',
  title: 'FiLM',
  summary: 'One head for all tasks; a card only stretches and shifts its units.',
  citation: 'Perez et al., FiLM: visual reasoning with a general conditioning layer, AAAI 2018',
  options,
  create({ skip }, { head, blocks, shape, start }) {
    const { map, vectors } = blocks
    const scales = vectors.some(({ role }) => role === 'scale')
    const shifts = vectors.some(({ role }) => role === 'shift')
    if (!map && !scales) {
      throw cannotServe(
        'film',
        head,
        'it has no units to stretch',
        'Choose the head film, residual, projection or full, or the generator bias.',
      )
    }
    const plans = planVectors(blocks, ({ role }) => ({
      code: role !== 'bias' || !shifts,
      card: skip && role === 'bias',
    }))
    const modulated = map && !scales ? map : null
    return {
      parameters: [
        ...cardCodeParameters(shape),
        ...(modulated ? unitParameters(modulated, shape) : []),
        ...(map ? sharedMapParameters(map, shape) : []),
        ...vectorParameters(plans, shape, start),
      ],
      generate(p, cards) {
        const code = cardCode(p, cards)
        const scale = modulated ? unitScales(p, code) : null
        return {
          map: map ? (map.form === 'added' ? [basisTerm(p, scale)] : baseTerms(map, p, scale)) : [],
          vectors: makeVectors(plans, p, cards, code),
        }
      },
    }
  },
}

function unitParameters(map: MapBlock, { hidden, basis, rank }: NetworkShape): ParameterSpec[] {
  const units = map.form === 'added' ? basis * rank : map.outputs
  return [
    parameter('unitScaleWeights', [hidden, units], zeros),
    parameter('unitScale', [units], constant(1), { decayed: false }),
  ]
}

/** γ(z) [T, units] */
function unitScales(p: ParameterTensors, code: tf.Tensor2D): tf.Tensor2D {
  return tf.add(tf.matMul(code, p.unitScaleWeights as tf.Tensor2D), p.unitScale) as tf.Tensor2D
}
