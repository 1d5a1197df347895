import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { unzipSync } from 'fflate'
import * as ort from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { loadTokenizer } from '../../../src/main/engine/encoders/tokenizer'
import { certificateSchema } from '../../../src/main/engine/exporting/certificate'
import type { ExportMaterial } from '../../../src/main/engine/exporting/export-material'
import { headExporters } from '../../../src/main/engine/exporting/formats'
import type { ExportPlan } from '../../../src/main/engine/exporting/formats/export-format'
import type { HeadPair } from '../../../src/main/engine/exporting/head-file'
import { writeExport } from '../../../src/main/engine/exporting/write-export'
import { greatestDifference } from '../../../src/main/engine/hypernet/hypernetwork'
import { createMatrix, gatherRows, row } from '../../../src/main/engine/numeric/matrix'
import { findSpec, parseOptions } from '../../../src/main/engine/registry/registry'
import { writeExportFolder, writeZippedExport } from '../../../src/main/pipeline/exporting/land-export'
import { readNpy } from '../../read-npy'
import { temporaryFolder } from '../../temporary-folder'
import { tinyBert, tinyStatic } from '../encoders/model-fixture'
import { madeBackground, madeMaterial, randomHead } from './made-material'

const HEADS: readonly (readonly [what: string, make: (d: number) => HeadPair])[] = [
  ['a head for queries', (d) => ({ head: randomHead(d, d, 1), documents: null })],
  [
    'one with layer normalisation for both sides',
    (d) => ({ head: randomHead(d, 20, 2, true), documents: randomHead(d, 20, 2, true) }),
  ],
  [
    'a head for each side, to other dimensions',
    (d) => ({ head: randomHead(d, 20, 3, true), documents: randomHead(d, 20, 4) }),
  ],
]
const FORMATS: readonly (readonly [name: string, options: object])[] = [
  ['safetensors', {}],
  ['npz', {}],
  ['javascript', {}],
  ['card-bundle', {}],
  ['onnx', {}],
  ['onnx', { graph: 'head' }],
  ['onnx', { graph: 'whole' }],
  ['sentence-transformers', {}],
  ['sentence-transformers', { encoder: 'named' }],
]

const about = { background: madeBackground(), version: '0', now: new Date(0) }

async function planOf(material: ExportMaterial, name: string, options: object = {}): Promise<ExportPlan> {
  const format = findSpec('exporter', headExporters, name)
  return format.create(material, parseOptions('exporter', format, options))
}

async function exported(material: ExportMaterial, name: string, options: object = {}) {
  const folder = await temporaryFolder()
  const plan = await planOf(material, name, options)
  const format = findSpec('exporter', headExporters, name)
  return { folder, plan, certificate: await writeExport(material, { format, plan }, about, folder) }
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name))
    .sort()
}

describe.each(HEADS)('%s', (_, make) => {
  it.each(FORMATS)(
    'as %s %j is proved by running it, and every file is named by its hash',
    async (name, options) => {
      const { folder, plan, certificate } = await exported(await madeMaterial(make), name, options)
      const written = certificateSchema.parse(
        JSON.parse(await readFile(join(folder, 'certificate.json'), 'utf8')),
      )
      expect(written).toEqual(certificate)
      expect(certificate.probes.texts).toHaveLength(64)
      for (const part of certificate.parts) {
        expect(part.difference).toBeLessThan(1e-5)
        // Run, and by something else than what it is compared with: float32 and float64 never agree in every bit.
        expect(part.difference).toBeGreaterThan(0)
      }
      const paths = (await filesBelow(folder)).filter((path) => !path.endsWith('certificate.json'))
      expect(Object.keys(certificate.files).sort()).toEqual(
        paths.map((path) => path.slice(folder.length + 1)).sort(),
      )
      for (const path of paths) {
        const sha256 = createHash('sha256')
          .update(await readFile(path))
          .digest('hex')
        expect(certificate.files[path.slice(folder.length + 1)].sha256).toBe(sha256)
      }
      const readme = await readFile(join(folder, 'README.md'), 'utf8')
      for (const { code } of plan.usage) expect(readme).toContain(code)
    },
  )
})

const queryHead = HEADS[0][1]
const eachSide = HEADS[2][1]

describe('an export that is not the engine’s head', () => {
  /** What each format's weights lie in. */
  const WEIGHTS: readonly (readonly [name: string, options: object, file: string])[] = [
    ['safetensors', {}, 'harbour-boats.safetensors'],
    ['npz', {}, 'harbour-boats.npz'],
    ['onnx', { graph: 'head' }, 'head.onnx'],
    ['onnx', { graph: 'whole' }, 'model.onnx'],
    ['javascript', {}, 'head.mjs'],
    ['sentence-transformers', {}, '3_Router/query_0_Dense/model.safetensors'],
  ]

  it.each(WEIGHTS)(
    '%s %j: is refused, nothing of it is left, and what was there stays',
    async (name, options, file) => {
      const material = await madeMaterial(queryHead)
      const format = findSpec('exporter', headExporters, name)
      const plan = await planOf(material, name, options)
      const corrupted: ExportPlan = {
        ...plan,
        async write(folder) {
          await plan.write(folder)
          const path = join(folder, file)
          const bytes = await readFile(path)
          await writeFile(path, corrupt(bytes, material))
        },
      }
      const place = await temporaryFolder()
      const target = join(place, 'export')
      const write = (one: ExportPlan) =>
        writeExportFolder(target, one.main, (folder) =>
          writeExport(material, { format, plan: one }, about, folder),
        )
      await write(plan)
      const before = await filesBelow(place)
      await expect(write(corrupted)).rejects.toMatchObject({ code: 'EXPORT_DIFFERS' })
      expect(await filesBelow(place)).toEqual(before)
      await expect(write(plan)).resolves.toMatchObject({ folder: target })
      expect(await readdir(place)).toEqual(['export'])
    },
  )

  /** The first weight of W doubled, wherever and however the file holds it. */
  function corrupt(bytes: Buffer, { heads }: ExportMaterial): Buffer {
    const [first, second, third] = heads.head.weight.data
    const known = Buffer.from(Float32Array.of(first, second, third).buffer)
    const changed = Buffer.from(Float32Array.of(first + 1, second, third).buffer)
    const text = bytes.toString('latin1')
    const [from, to] = text.includes(known.toString('latin1'))
      ? [known.toString('latin1'), changed.toString('latin1')]
      : [known.toString('base64'), changed.toString('base64')]
    expect(text.split(from)).toHaveLength(2)
    return Buffer.from(
      text.replace(from, () => to),
      'latin1',
    )
  }
})

describe('encoder and head in one graph', () => {
  it.each([
    'pooling=mean',
    'pooling=cls',
    'pooling=last',
    'cut=16',
    'cut=16&pooling=last',
    'query=find: &document=it: ',
  ])('give what the engine gives with %s', async (options) => {
    const material = await madeMaterial(eachSide, `${tinyBert}?${options}`)
    const { certificate } = await exported(material, 'onnx', { graph: 'whole' })
    expect(certificate.parts).toMatchObject([{ part: 'encoder and head', file: 'model.onnx' }])
  })

  it.each(['mean', 'cls', 'last'])('look at no padding of a batch, pooling=%s', async (pooling) => {
    const material = await madeMaterial(queryHead, `${tinyBert}?pooling=${pooling}`)
    const { folder } = await exported(material, 'onnx', { graph: 'whole' })
    const tokenize = await loadTokenizer(material.encoder)
    const rows = [6, 0, 3].map((probe) => tokenize(material.probes.texts[probe]))
    const longest = Math.max(...rows.map(({ length }) => length))
    expect(Math.min(...rows.map(({ length }) => length))).toBeLessThan(longest)
    const padded = (value: (id: number) => number) =>
      new ort.Tensor(
        'int64',
        BigInt64Array.from(
          rows.flatMap((ids) =>
            Array.from({ length: longest }, (_, t) => (t < ids.length ? value(ids[t]) : 0)),
          ),
          BigInt,
        ),
        [rows.length, longest],
      )
    const session = await ort.InferenceSession.create(join(folder, 'model.onnx'))
    const feeds = {
      input_ids: padded((id) => id),
      attention_mask: padded(() => 1),
      token_type_ids: padded(() => 0),
    }
    const { sentence_embedding: answer } = await session.run(feeds)
    await session.release()
    const got = createMatrix(rows.length, 32, answer.data as Float32Array)
    expect(greatestDifference(got, gatherRows(material.probes.queries, [6, 0, 3]))).toBeLessThan(1e-5)
  })

  it('are refused where the encoder has no graph; its head alone is not', async () => {
    const material = await madeMaterial(queryHead, tinyStatic)
    await expect(exported(material, 'onnx')).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' })
    await expect(planOf(material, 'sentence-transformers')).rejects.toMatchObject({
      code: 'MODEL_UNSUPPORTED',
    })
    const { certificate } = await exported(material, 'onnx', { graph: 'head' })
    expect(certificate.parts).toHaveLength(1)
    await exported(material, 'sentence-transformers', { encoder: 'named' })
  })
})

describe('an npz', () => {
  it('holds what NumPy’s own format says, and its metadata as JSON', async () => {
    const material = await madeMaterial(queryHead)
    const { folder, plan } = await exported(material, 'npz')
    const entries = unzipSync(await readFile(join(folder, plan.main!)))
    expect(Object.keys(entries).sort()).toEqual(['W.npy', 'b.npy', 'metadata.npy'])
    expect(readNpy(entries['W.npy'])).toEqual(material.heads.head.weight)
    const bytes = Buffer.from(entries['metadata.npy'])
    const metadata = JSON.parse(bytes.toString('utf8', 10 + bytes.readUInt16LE(8)))
    expect(JSON.parse(metadata.card)).toEqual(material.origin.card)
  })
})

describe('a JavaScript module', () => {
  it('adapts queries and documents, and says where it came from', async () => {
    const material = await madeMaterial(eachSide)
    const { folder } = await exported(material, 'javascript')
    const module = await import(/* @vite-ignore */ pathToFileURL(join(folder, 'head.mjs')).href)
    const { queries, vectors, documents } = material.probes
    const close = (got: Float32Array, expected: Float32Array) =>
      expect(Math.max(...got.map((value, i) => Math.abs(value - expected[i])))).toBeLessThan(1e-5)
    close(module.adaptQuery(row(vectors, 5)), row(queries, 5))
    close(module.adaptDocument(row(documents.vectors, 1)), row(documents.transformed!, 1))
    expect(JSON.parse(module.metadata.card)).toEqual(material.origin.card)
    expect(() => module.adaptQuery(new Float32Array(3))).toThrow(RangeError)
  })
})

describe('a card bundle', () => {
  it('is one zip of card, head, README and certificate', async () => {
    const material = await madeMaterial(queryHead)
    const format = findSpec('exporter', headExporters, 'card-bundle')
    const plan = await planOf(material, 'card-bundle')
    const place = await temporaryFolder()
    const file = join(place, 'bundle.zip')
    const fill = (folder: string) => writeExport(material, { format, plan }, about, folder)
    await writeZippedExport(file, fill)
    expect(await readdir(place)).toEqual(['bundle.zip'])
    const entries = unzipSync(await readFile(file))
    const names = ['README.md', 'card.json', 'certificate.json', 'harbour-boats.safetensors']
    expect(Object.keys(entries).sort()).toEqual(names)
    expect(JSON.parse(Buffer.from(entries['card.json']).toString('utf8'))).toEqual(material.origin.card)
  })
})

describe('a sentence-transformers folder', () => {
  const modulesOf = async (folder: string) =>
    JSON.parse(await readFile(join(folder, 'modules.json'), 'utf8')).map(
      ({ path, type }: { path: string; type: string }) => [path, type.split('.').at(-1)],
    )

  it('routes where queries and documents differ, with the identity written out', async () => {
    const { folder, certificate } = await exported(await madeMaterial(queryHead), 'sentence-transformers')
    expect(await modulesOf(folder)).toEqual([
      ['', 'Transformer'],
      ['1_Pooling', 'Pooling'],
      ['2_Normalize', 'Normalize'],
      ['3_Router', 'Router'],
    ])
    const router = JSON.parse(await readFile(join(folder, '3_Router', 'router_config.json'), 'utf8'))
    expect(router.structure).toEqual({
      query: ['query_0_Dense', 'query_1_Normalize'],
      document: ['document_0_Normalize'],
    })
    const dense = JSON.parse(await readFile(join(folder, '3_Router/query_0_Dense/config.json'), 'utf8'))
    expect(dense).toEqual({
      in_features: 32,
      out_features: 32,
      bias: true,
      activation_function: 'torch.nn.modules.linear.Identity',
    })
    expect(certificate.elsewhere).toMatchObject({ script: 'certify.py', ranBy: null, parts: [] })
  })

  it('has a row of modules where both share a head, LayerNorm where it has one', async () => {
    const { folder } = await exported(await madeMaterial(HEADS[1][1]), 'sentence-transformers', {
      encoder: 'named',
    })
    expect(await modulesOf(folder)).toEqual([
      ['0_Dense', 'Dense'],
      ['1_LayerNorm', 'LayerNorm'],
      ['2_Normalize', 'Normalize'],
    ])
  })
})

describe('a head of an encoder that a service runs', () => {
  /** Of it an export knows only what its record says. */
  const served = async (): Promise<ExportMaterial> => {
    const material = await madeMaterial(HEADS[0][1])
    const { folder, dimensions, prefixes, sha256, fingerprint } = material.encoder
    const record = {
      version: 1,
      api: 'openai',
      url: 'https://host.example/v1',
      model: 'made',
      dimensions: null,
      types: { query: null, document: null },
      longest: null,
      keyEnv: null,
      price: null,
      width: dimensions,
      encoding: 'base64',
      probe: '',
      addedAt: '',
    } as const
    const about = {
      id: 'served',
      folder,
      sha256,
      fingerprint,
      dimensions,
      prefixes,
      vectors: 'float32' as const,
    }
    return { ...material, encoder: { kind: 'remote', record, ...about } }
  }

  it.each([
    ['onnx', { graph: 'both' }],
    ['sentence-transformers', { encoder: 'named' }],
  ])('cannot leave as %s %j, which would hold the encoder', async (name, options) => {
    await expect(planOf(await served(), name, options)).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' })
  })

  it.each([
    ['safetensors', {}],
    ['javascript', {}],
    ['onnx', { graph: 'head' }],
  ])('leaves alone as %s %j, and the README names the service', async (name, options) => {
    const { folder } = await exported(await served(), name, options)
    expect(await readFile(join(folder, 'README.md'), 'utf8')).toContain('made at https://host.example/v1')
  })
})
