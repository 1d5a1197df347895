import { createHash } from 'node:crypto'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Encoder } from '../../../src/main/engine/encoders/encoder'
import { encodeHead } from '../../../src/main/engine/exporting/head-file'
import { type AffineHead, applyHead } from '../../../src/main/engine/hypernet/head'
import { createMatrix } from '../../../src/main/engine/numeric/matrix'
import { randomStream } from '../../../src/main/engine/numeric/random'
import { importDataset } from '../../../src/main/pipeline/datasets/import-dataset'
import { dropIndex } from '../../../src/main/pipeline/indexes/drop-index'
import { indexStatus } from '../../../src/main/pipeline/indexes/index-status'
import { pushIndex } from '../../../src/main/pipeline/indexes/push-index'
import { searchIndex } from '../../../src/main/pipeline/indexes/search-index'
import { smallDataset, writeFolder } from '../../engine/datasets/small-dataset'
import { DIMENSIONS, encodeTexts } from '../../engine/indexes/made-rows'
import { madeContext } from '../../made-context'
import { temporaryFolder } from '../../temporary-folder'

const index = { name: 'small', engine: 'memory', options: {} }

function madeEncoder(): Encoder {
  return {
    id: 'made-encoder',
    sha256: 'e0',
    fingerprint: 'f0',
    dimensions: DIMENSIONS,
    encode: async (texts) => encodeTexts(texts),
    dispose: async () => undefined,
  }
}

/** A workspace with four documents in an index, and what writes head files into it. */
async function pushed() {
  const workspace = await temporaryFolder()
  const context = madeContext(workspace, { openEncoder: async () => madeEncoder() })
  const source = writeFolder(join(workspace, 'source'), smallDataset())
  await importDataset.run(importDataset.input.parse({ source, id: 'small' }), context)
  const counts = await pushIndex.run({ index, collection: 'small', encoder: 'made-encoder' }, context)
  const search = (more: object = {}) =>
    searchIndex.run(searchIndex.input.parse({ index, query: 'boats', k: 4, ...more }), context)
  const writeHead = async (
    name: string,
    head: AffineHead,
    documents: AffineHead | null = null,
    sha256 = 'e0',
  ) => {
    const file = join(workspace, `${name}.safetensors`)
    const card = { version: 1 as const, id: name, name, description: name, examples: [] }
    const origin = {
      run: 'r',
      dataset: 'small',
      card,
      encoder: 'made-encoder',
      encoderSha256: sha256,
      parity: 0,
    }
    await writeFile(file, encodeHead({ head, documents }, origin))
    return file
  }
  return { workspace, context, counts, search, writeHead }
}

function madeHead(seed: number): AffineHead {
  const random = randomStream(seed, 'head')
  const numbers = (count: number) => Float32Array.from({ length: count }, () => random.normal())
  return {
    weight: createMatrix(DIMENSIONS, DIMENSIONS, numbers(DIMENSIONS * DIMENSIONS)),
    bias: numbers(DIMENSIONS),
  }
}

/** Of every byte that the index has on disk, with names. */
async function fingerprintOf(folder: string): Promise<string> {
  const hash = createHash('sha256')
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  for (const entry of entries.filter((one) => one.isFile()).sort((a, b) => (a.name < b.name ? -1 : 1)))
    hash.update(entry.name).update(await readFile(join(entry.parentPath, entry.name)))
  return hash.digest('hex')
}

describe('one index and many cards', () => {
  it('answers each card by its own head, and no card touches a document vector', async () => {
    const { workspace, counts, search, writeHead } = await pushed()
    expect(counts).toEqual({ documents: 4, written: 4, kept: 0, deleted: 0 })
    const folder = join(workspace, 'indexes')
    const before = await fingerprintOf(folder)
    const frozen = (await search()).frozen
    const orders = new Set<string>()
    for (let seed = 0; seed < 6; seed++) {
      const head = madeHead(seed)
      const file = await writeHead(`card-${seed}`, head)
      const answer = await search({ head: { file } })
      expect(answer.frozen).toEqual(frozen)
      const moved = applyHead(head, encodeTexts(['boats']))
      const documents = [
        'Harbour ships at the pier',
        'a violin and its bow',
        'bread from the oven',
        'the sea at night',
      ]
      const vectors = encodeTexts(documents)
      const scores = ['d1', 'd2', 'd3', 'd4'].map((id, i) => {
        let score = 0
        for (let c = 0; c < DIMENSIONS; c++) score += moved.data[c] * vectors.data[i * DIMENSIONS + c]
        return { id, score }
      })
      expect(answer.conditioned?.map(({ id }) => id)).toEqual(
        scores.sort((a, b) => b.score - a.score).map(({ id }) => id),
      )
      orders.add(JSON.stringify(answer.conditioned?.map(({ id }) => id)))
    }
    expect(orders.size).toBeGreaterThan(1)
    expect(await fingerprintOf(folder)).toBe(before)
  })

  it('refuses a head of another encoder, and one that moves documents', async () => {
    const { search, writeHead } = await pushed()
    const other = await writeHead('other', madeHead(1), null, 'another')
    await expect(search({ head: { file: other } })).rejects.toMatchObject({ code: 'HEAD_INVALID' })
    const both = await writeHead('both', madeHead(1), madeHead(2))
    await expect(search({ head: { file: both } })).rejects.toMatchObject({ code: 'HEAD_INVALID' })
    await expect(search({ head: { file: '/nowhere' } })).rejects.toMatchObject({ code: 'FILE_MISSING' })
  })

  it('refuses the queries of an encoder that has changed under its name', async () => {
    const { workspace } = await pushed()
    const openEncoder = async () => ({ ...madeEncoder(), fingerprint: 'f1' })
    const context = madeContext(workspace, { openEncoder })
    const asked = searchIndex.input.parse({ index, query: 'boats' })
    await expect(searchIndex.run(asked, context)).rejects.toMatchObject({ code: 'INDEX_MISMATCH' })
  })

  it('says what lies there, that its collection has changed, and nothing more once it is dropped', async () => {
    const { workspace, context, search } = await pushed()
    const status = async () => (await indexStatus.run({ indexes: [index] }, context))[0]
    expect(await status()).toMatchObject({
      rows: 4,
      current: true,
      problem: null,
      manifest: { generation: 1 },
    })
    const changed = smallDataset()
    const source = writeFolder(join(workspace, 'changed'), {
      ...changed,
      'corpus.jsonl': changed['corpus.jsonl'].replace('a violin', 'an old violin'),
    })
    await rm(join(workspace, 'datasets', 'small'), { recursive: true })
    await importDataset.run(importDataset.input.parse({ source, id: 'small' }), context)
    expect(await status()).toMatchObject({ rows: 4, current: false })
    const again = await pushIndex.run({ index, collection: 'small', encoder: 'made-encoder' }, context)
    expect(again).toEqual({ documents: 4, written: 1, kept: 3, deleted: 1 })
    expect(await status()).toMatchObject({ current: true, pushed: again, manifest: { generation: 2 } })
    await dropIndex.run({ index }, context)
    expect(await status()).toMatchObject({ rows: 0, manifest: null, pushed: null })
    await expect(search()).rejects.toMatchObject({ code: 'INDEX_UNKNOWN' })
  })
})
