import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { compilerCertificateSchema } from '../../../../src/main/engine/exporting/compiler/certify-compiler'
import {
  type CompilerParts,
  compilerGraph,
} from '../../../../src/main/engine/exporting/compiler/compiler-graph'
import type { CompilerMaterial } from '../../../../src/main/engine/exporting/compiler/compiler-material'
import { writeCompiler } from '../../../../src/main/engine/exporting/compiler/write-compiler'
import { compilerExporters } from '../../../../src/main/engine/exporting/formats'
import type { CompilerPlan } from '../../../../src/main/engine/exporting/formats/export-format'
import { writeNpy, writeNpyArray } from '../../../../src/main/engine/formats/npy'
import { writeZip } from '../../../../src/main/engine/formats/zip-archive'
import { generators } from '../../../../src/main/engine/hypernet/generators'
import type { GeneratorSpec } from '../../../../src/main/engine/hypernet/generators/generator-spec'
import { applyHead } from '../../../../src/main/engine/hypernet/head'
import { greatestDifference } from '../../../../src/main/engine/hypernet/hypernetwork'
import { findSpec, parseOptions } from '../../../../src/main/engine/registry/registry'
import { chooseBackend } from '../../../../src/main/engine/training/choose-backend'
import { writeExportFolder } from '../../../../src/main/pipeline/exporting/land-export'
import { readNpy } from '../../../read-npy'
import { pythonHas, runPython, snippetsOf } from '../../../readme-snippets'
import { temporaryFolder } from '../../../temporary-folder'
import { handedCase, madeCompiler } from './made-compiler'

beforeAll(() => chooseBackend('wasm'))

const about = { version: '0', now: new Date(0) }
const format = findSpec('exporter', compilerExporters, 'compiler')

async function planOf(material: CompilerMaterial, options: object = {}): Promise<CompilerPlan> {
  return format.create(material, parseOptions('exporter', format, options))
}

async function exported(material: CompilerMaterial, options: object = {}) {
  const folder = await temporaryFolder()
  const certificate = await writeCompiler(
    material,
    { format, plan: await planOf(material, options) },
    about,
    folder,
  )
  const text = (file: string) => readFile(join(folder, file), 'utf8')
  return { certificate, text, folder }
}

const each = generators.map(({ name }) => name)

describe.each(each)('the compiler of the generator %s', (name) => {
  const generator = { name, options: {} }

  it('is proved by running it on 64 cards, and says what it is', async () => {
    const material = await madeCompiler({ generator }, { corpora: 2 })
    const { certificate, text } = await exported(material)
    expect(compilerCertificateSchema.parse(JSON.parse(await text('certificate.json')))).toEqual(certificate)
    expect(certificate.probes.cards).toBe(64)
    const parts = certificate.parts.map(({ part }) => part)
    const own = name === 'experts' ? ['gates and shares'] : []
    expect(parts).toEqual(['W', 'b', ...own, 'query vectors', 'encoder'])
    for (const { difference } of certificate.parts) expect(difference).toBeLessThan(1e-5)
    expect(Object.keys(certificate.files).sort()).toEqual(
      [
        'README.md',
        'compiler.json',
        'compiler.onnx',
        'encoder.onnx',
        'tokenizer.json',
        'tokenizer_config.json',
      ].sort(),
    )
    const described = JSON.parse(await text('compiler.json'))
    expect(Object.keys(described.corpora)).toEqual(['harbour0', 'harbour1'])
    for (const { about: words } of [...described.inputs, ...described.outputs]) expect(words).toMatch(/\w/)
    if (name === 'experts') {
      // Cards like the trained ones, and cards that no expert fits: both ways out of the gates were run.
      expect(certificate.probes.fitNone).toBeGreaterThan(0)
      expect(certificate.probes.fitNone).toBeLessThan(64)
    } else expect(certificate.probes.fitNone).toBeNull()
    expect(await text('README.md')).toContain(generator.name)
  })

  it('is refused where what was written is another one, and nothing of it is left', async () => {
    const material = await madeCompiler({ generator })
    const plan = await planOf(material, { encoder: 'named' })
    const corrupted: CompilerPlan = {
      ...plan,
      async write(folder) {
        await plan.write(folder)
        const file = join(folder, 'compiler.onnx')
        await writeFile(file, corrupt(await readFile(file), material))
      },
    }
    const target = join(await temporaryFolder(), 'compiler')
    const write = (one: CompilerPlan) =>
      writeExportFolder(target, one.main, (folder) =>
        writeCompiler(material, { format, plan: one }, about, folder),
      )
    await expect(write(corrupted)).rejects.toMatchObject({ code: 'EXPORT_DIFFERS' })
    await expect(readFile(join(target, 'compiler.onnx'))).rejects.toThrow('ENOENT')
  })

  /** The trained weights of the largest array that is not zero, one of them moved. */
  function corrupt(bytes: Buffer, { parts }: CompilerMaterial): Buffer {
    const bias = parts.checkpoint.parameters.find(({ name: own }) => own === 'bias' || own === 'biasExperts')!
    const known = Buffer.from(bias.data.slice(0, 3).buffer)
    const changed = Buffer.from(Float32Array.of(bias.data[0] + 1, bias.data[1], bias.data[2]).buffer)
    const text = bytes.toString('latin1')
    expect(text.split(known.toString('latin1')).length).toBeGreaterThan(1)
    return Buffer.from(
      text.replaceAll(known.toString('latin1'), () => changed.toString('latin1')),
      'latin1',
    )
  }
})

describe('what is handed out', () => {
  const basis = { generator: { name: 'basis', options: {} } }
  const half = handedCase({ head: 'task card', strength: 0.5 })
  const CASES: readonly (readonly [what: string, handedOut: CompilerParts['handedOut']])[] = [
    [
      'half of the head, for cards without examples a quarter',
      { withExamples: half, withoutExamples: handedCase({ head: 'task card', strength: 0.25 }) },
    ],
    [
      'the frozen encoder for cards without examples',
      { withExamples: half, withoutExamples: handedCase({ head: 'frozen', strength: 1 }) },
    ],
    [
      'a control in the head’s place',
      {
        withExamples: handedCase({
          head: 'exemplar shift',
          strength: 1,
          setting: 'λ = 2, mean documents − mean queries',
        }),
        withoutExamples: handedCase({
          head: 'card as text',
          strength: 1,
          setting: 'λ = .5, nearest documents − μ'.replace('.5', '0.5'),
        }),
      },
    ],
    [
      'controls away from the means of queries',
      {
        withExamples: handedCase({
          head: 'exemplar shift',
          strength: 1,
          setting: 'λ = 3, mean documents − μ − .25 queries',
        }),
        withoutExamples: half,
      },
    ],
    [
      'the network without a card',
      { withExamples: handedCase({ head: 'no card', strength: 0.5 }), withoutExamples: half },
    ],
  ]

  it.each(CASES)('is %s, as the engine has it', async (_, handedOut) => {
    const { certificate } = await exported(
      await madeCompiler(basis, { handedOut, corpora: 2, noCard: true }),
      { encoder: 'named' },
    )
    expect(certificate.handedOut).toEqual(handedOut)
    for (const { difference } of certificate.parts) expect(difference).toBeLessThan(1e-5)
  })

  it('is a share of BM25 as far as the experts fit', async () => {
    const beside = handedCase({ head: 'task card', strength: 1 }, { normalisation: 'min-max', share: 0.3 })
    const handedOut = {
      withExamples: beside,
      withoutExamples: handedCase({ head: 'task card', strength: 1 }),
    }
    const material = await madeCompiler(
      { generator: { name: 'experts', options: {} } },
      { handedOut, corpora: 2 },
    )
    const shares = material.probes.cards.map(({ made }) => made.bm25)
    expect(new Set(shares).size).toBeGreaterThan(2)
    const { certificate } = await exported(material, { encoder: 'named' })
    expect(certificate.parts.map(({ part }) => part)).toContain('BM25’s share')
  })

  it('is refused where a head has no parts', async () => {
    const material = await madeCompiler(
      {
        generator: { name: 'basis', options: {} },
        head: { name: 'projection', options: { dimensions: 8 } },
        side: 'both',
      },
      {},
    )
    const parts = { ...material.parts, handedOut: { withExamples: half, withoutExamples: half } }
    expect(() => compilerGraph(parts)).toThrow(expect.objectContaining({ code: 'EXPORT_UNSUPPORTED' }))
  })

  it.each([
    ['a setting that no control has', { head: 'exemplar shift', strength: 1, setting: 'λ = 7, luck' }],
    ['the network without a card of a run that has none', { head: 'no card', strength: 1 }],
  ] as const)('is refused: %s', async (_, head) => {
    const { parts } = await madeCompiler(basis)
    const handedOut = { withExamples: handedCase(head), withoutExamples: half }
    expect(() => compilerGraph({ ...parts, handedOut })).toThrow(
      expect.objectContaining({ code: 'EXPORT_UNSUPPORTED' }),
    )
  })
})

describe('heads of other shapes', () => {
  it.each([
    [
      'layer normalisation for both sides',
      { head: { name: 'projection', options: { dimensions: 8 } }, side: 'both' },
    ],
    ['a head for each side', { head: { name: 'projection', options: { dimensions: 8 } }, side: 'separate' }],
    ['what a network is told of a corpus', { conditioning: ['description', 'queries', 'corpus'] }],
    ['a network that sees examples alone', { conditioning: ['documents', 'difference'] }],
  ] as const)('%s is proved likewise', async (_, change) => {
    const generator = { name: 'direct', options: {} }
    const material = await madeCompiler(
      {
        generator,
        ...change,
        ...('conditioning' in change ? { conditioning: [...change.conditioning] } : {}),
      },
      { corpora: 3 },
    )
    const { certificate } = await exported(material, { encoder: 'named' })
    for (const { difference } of certificate.parts) expect(difference).toBeLessThan(1e-5)
    expect(certificate.files['encoder.onnx']).toBeUndefined()
  })
})

describe('the README', () => {
  it.for([
    ['a head alone', {}],
    ['layer normalisation', { head: { name: 'projection', options: { dimensions: 8 } }, side: 'both' }],
  ] as const)('has a snippet that gives the engine’s vectors: %s', async ([, change], { skip }) => {
    skip(!pythonHas(['numpy', 'onnxruntime'], 'snippet of the compiler'))
    const material = await madeCompiler({ generator: { name: 'basis', options: {} }, ...change })
    const { folder } = await exported(material, { encoder: 'named' })
    const { queries, cards } = material.probes
    const [{ inputs, made }] = cards
    const arrays = Object.entries(inputs).map(
      // The number of examples is a list of one.
      ([name, values]) =>
        [
          `${name}.npy`,
          writeNpyArray(name === 'examples' ? [1] : [1, values.length], values as Float32Array),
        ] as const,
    )
    await writeFile(join(folder, 'card.npz'), writeZip(new Map(arrays), { compressed: false }))
    await writeFile(join(folder, 'queries.npy'), writeNpy(queries))
    const [code, ...more] = await snippetsOf(folder, 'python')
    expect(more).toEqual([])
    const y = readNpy(await readFile(await runPython(folder, code)))
    expect(greatestDifference(y, applyHead(made.head, queries))).toBeLessThan(1e-5)
  })
})

describe('a generator that cannot be recorded', () => {
  const basis = findSpec('generator', generators, 'basis')
  it.each([
    ['an operator that the graph does not know', (x: tf.Tensor) => tf.cos(x)],
    ['numbers of the card, read while it makes the head', (x: tf.Tensor) => tf.mul(x, x.dataSync()[0])],
  ])('is refused with those that can: %s', async (_, spoil) => {
    const { parts } = await madeCompiler({ generator: { name: 'basis', options: {} } })
    const before = basis.create
    const spoilt: GeneratorSpec['create'] = (options, context) => {
      const made = before(options, context)
      return {
        ...made,
        generate: (p, cards) =>
          made.generate(p, { ...cards, documents: spoil(cards.documents) as tf.Tensor2D }),
      }
    }
    Object.assign(basis, { create: spoilt })
    const backend = tf.getBackend()
    try {
      expect(() => compilerGraph(parts)).toThrow(expect.objectContaining({ code: 'EXPORT_UNSUPPORTED' }))
    } finally {
      Object.assign(basis, { create: before })
    }
    // What was recorded leaves nothing behind.
    expect(tf.getBackend()).toBe(backend)
    expect(tf.add(1, 2).dataSync()[0]).toBe(3)
  })
})
