import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readSafetensors, writeSafetensors } from '../../../src/main/engine/formats/safetensors'
import {
  createNetwork,
  defaultNetwork,
  type NetworkDescription,
} from '../../../src/main/engine/hypernet/network'
import { randomStream } from '../../../src/main/engine/numeric/random'
import {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
} from '../../../src/main/engine/training/checkpoint'
import { illNumber } from '../../ill-number'

const shape = { dimensions: 6, hidden: 4, basis: 3, rank: 2 }
const vector = (value: number) => new Float32Array(6).fill(value)

function checkpoint(description: NetworkDescription): Checkpoint {
  return {
    description,
    parameters: createNetwork(description).initialParameters(randomStream(1, 'weights')),
    step: 12,
    dev: 0.5,
    system: 'task card',
    feedbackWeight: 0.5,
    encoder: 'all-MiniLM-L6-v2',
    encoderSha256: 'ab',
    descriptionMean: vector(1),
    corpusMeans: new Map([['finds', { queries: vector(2), documents: vector(3) }]]),
  }
}

describe('a network file', () => {
  it.each<Partial<NetworkDescription>>([
    {},
    {
      generator: { name: 'direct', options: {} },
      head: { name: 'projection', options: { dimensions: 4 } },
      side: 'both',
    },
    {
      generator: { name: 'task-id', options: { skip: true } },
      tasks: ['a', 'b/c'],
      conditioning: ['description'],
    },
    { side: 'separate' },
  ])('gives back what was written: %j', (change) => {
    const written = checkpoint({ ...defaultNetwork(shape), ...change })
    expect(decodeCheckpoint(encodeCheckpoint(written), 'x')).toEqual(written)
  })

  it('of version 1 is the default network', () => {
    const description = defaultNetwork(shape)
    const written = checkpoint(description)
    const { tensors, metadata } = readSafetensors(encodeCheckpoint(written))
    const { network: _, ...rest } = metadata
    const old = writeSafetensors(tensors, { ...rest, version: '1', shape: JSON.stringify(shape) })
    expect(decodeCheckpoint(old, 'x')).toEqual(written)
  })

  it.each<[string, Record<string, string>]>([
    ['a later version', { version: '3' }],
    ['another format', { format: 'hydra-head' }],
    ['a description that is no JSON', { network: '{' }],
    ['a description without a head', { network: '{"shape":{}}' }],
  ])('is refused: %s', (_name, change) => {
    const { tensors, metadata } = readSafetensors(encodeCheckpoint(checkpoint(defaultNetwork(shape))))
    const bytes = writeSafetensors(tensors, { ...metadata, ...change })
    expect(() => decodeCheckpoint(bytes, 'x')).toThrow(expect.objectContaining({ code: 'FILE_INVALID' }))
  })

  it('is refused when a weight is missing', () => {
    const { tensors, metadata } = readSafetensors(encodeCheckpoint(checkpoint(defaultNetwork(shape))))
    const { basisUp: _, ...rest } = tensors
    expect(() => decodeCheckpoint(writeSafetensors(rest, metadata), 'x')).toThrow(
      expect.objectContaining({ code: 'FILE_INVALID' }),
    )
  })

  it('is refused with one number that is none, wherever it is', () => {
    const bytes = encodeCheckpoint(checkpoint(defaultNetwork(shape)))
    const names = Object.keys(readSafetensors(bytes).tensors)
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.nat(), illNumber, (name, at, value) => {
        const { tensors, metadata } = readSafetensors(bytes.slice())
        const { data } = tensors[name]
        data[at % data.length] = value
        expect(() => decodeCheckpoint(writeSafetensors(tensors, metadata), 'x')).toThrow(
          expect.objectContaining({ code: 'FILE_INVALID' }),
        )
      }),
    )
  })

  it.each(['dev', 'step', 'feedbackWeight', 'datasets'])(
    'is refused where %s is no number or list',
    (key) => {
      const { tensors, metadata } = readSafetensors(encodeCheckpoint(checkpoint(defaultNetwork(shape))))
      expect(() => decodeCheckpoint(writeSafetensors(tensors, { ...metadata, [key]: 'NaN' }), 'x')).toThrow(
        expect.objectContaining({ code: 'FILE_INVALID' }),
      )
    },
  )
})
