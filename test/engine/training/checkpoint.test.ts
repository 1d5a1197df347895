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
  cardMeans,
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

describe('what cards are centred on', () => {
  const several = (conditioning: NetworkDescription['conditioning']): Checkpoint => ({
    ...checkpoint({ ...defaultNetwork(shape), conditioning }),
    corpusMeans: new Map([
      ['a', { queries: vector(2), documents: vector(4) }],
      ['b', { queries: vector(6), documents: vector(10) }],
    ]),
  })
  const means = (of: Checkpoint, id: string) => {
    const { queries, documents } = cardMeans(of, { collection: { id }, documentMean: vector(5) })
    return [queries[0], documents[0]]
  }

  it('is a trained corpus’s own, and for one that was not trained its documents and the others’ queries', () => {
    const plain = several(['description', 'documents'])
    expect([means(plain, 'a'), means(plain, 'unseen')]).toEqual([
      [2, 4],
      [4, 5],
    ])
  })

  it('is the mean over the trained corpora for all where cards know their corpus', () => {
    const knowing = several(['description', 'corpus'])
    expect([means(knowing, 'a'), means(knowing, 'unseen')]).toEqual([
      [4, 7],
      [4, 7],
    ])
  })

  it('is unknown to a network of one corpus for any other', () => {
    const one = checkpoint(defaultNetwork(shape))
    expect(means(one, 'finds')).toEqual([2, 3])
    expect(() => means(one, 'other')).toThrow(expect.objectContaining({ code: 'DATASET_UNKNOWN' }))
  })
})
