import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { resolveModel } from '../../src/main/engine/encoders/model-folder'
import { openModelEncoder } from '../../src/main/engine/encoders/open-encoder'
import { FLOAT_DTYPES } from '../../src/main/engine/formats/floats'
import { readSafetensors } from '../../src/main/engine/formats/safetensors'
import { dot, row } from '../../src/main/engine/numeric/matrix'
import { commandLine } from '../command-line'
import { storedAs } from '../stored-as'
import { temporaryFolder } from '../temporary-folder'
import { sharedCase } from './shared-case'

const recorded = (name: string) =>
  readFile(join(import.meta.dirname, '../fixtures/cases', `${name}.safetensors`)).then(
    (bytes) => readSafetensors(bytes).tensors.vectors,
  )

/** Least cosine between our vectors of a collection's texts and those that model2vec gave (test/oracle/encoders_model2vec.py). */
async function leastCosine(model: string, texts: readonly string[], name: string): Promise<number> {
  const encoder = await openModelEncoder(await resolveModel(model, []))
  const got = await encoder.encode(texts)
  const { shape, data } = await recorded(name)
  const expected = { rows: shape[0], columns: shape[1], data: data as Float32Array }
  expect([got.rows, got.columns]).toEqual([...shape])
  return Math.min(
    ...texts.map((_, i) => {
      const [a, b] = [row(got, i), row(expected, i)]
      const [own, other] = [dot(a, a), dot(b, b)]
      if (own === 0 || other === 0) return own === other ? 1 : 0
      return dot(a, b) / Math.sqrt(own * other)
    }),
  )
}

const textsOf = async (folder: string): Promise<string[]> =>
  (await readFile(join(folder, 'ds-tok/corpus.jsonl'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).text)

const unigram = sharedCase('unigram-static-model')
const dtypes = sharedCase('float-dtypes')
const heads = sharedCase('head-with-nan')

describe.skipIf(!unigram)('unigram-static-model', () => {
  it('gives the vectors of model2vec for every text', async () => {
    const texts = await textsOf(unigram!)
    expect(texts).toHaveLength(48)
    expect(await leastCosine(join(unigram!, 'unigram-xlmr'), texts, 'unigram-xlmr')).toBeGreaterThan(0.99999)
  })
})

describe.skipIf(!dtypes)('float-dtypes', () => {
  it.skipIf(!unigram)('reads a table in half precision', async () => {
    expect(await resolveModel(join(dtypes!, 'm2v-f16'), [])).toMatchObject({ dtype: 'fp16', dimensions: 32 })
    const texts = await textsOf(unigram!)
    expect(await leastCosine(join(dtypes!, 'm2v-f16'), texts, 'm2v-f16')).toBeGreaterThan(0.99999)
  })

  it('refuses a table that is too small when it is added, and leaves nothing behind', async () => {
    const workspace = await temporaryFolder()
    const { json, refusal } = commandLine(workspace)
    expect(await refusal('models', 'add', join(dtypes!, 'm2v-short'))).toBe('MODEL_CORRUPT')
    expect(await readdir(join(workspace, 'models')).catch(() => [])).toEqual([])
    const added = await json('models', 'add', join(dtypes!, 'm2v-f16'))
    expect(added.settings).toMatchObject({ kind: 'static', weights: 'fp16', assumed: [] })
  }, 60_000)
})

describe.skipIf(!heads)('head-with-nan', () => {
  it('is refused, and nothing is written', async () => {
    const folder = await temporaryFolder()
    const out = join(folder, 'o.npy')
    const { refusal } = commandLine(join(folder, 'workspace'))
    const words = ['--texts', join(heads!, 'texts.txt'), '--out', out]
    expect(await refusal('apply', join(heads!, 'nan.st'), ...words)).toBe('HEAD_INVALID')
    expect(existsSync(out)).toBe(false)
  }, 60_000)

  it.each(Object.keys(FLOAT_DTYPES) as (keyof typeof FLOAT_DTYPES)[])(
    'sound and stored as %s it is applied',
    async (dtype) => {
      const folder = await temporaryFolder()
      const { tensors, metadata } = readSafetensors(await readFile(join(heads!, 'nan.st')))
      const sound = Object.fromEntries(
        Object.entries(tensors).map(([name, { shape, data }]) => [
          name,
          { shape, data: Float32Array.from(data, (value) => (Number.isFinite(value) ? value : 0)) },
        ]),
      )
      const head = join(folder, 'head.safetensors')
      await writeFile(head, storedAs(dtype, sound, metadata))
      const out = join(folder, 'o.npy')
      const { json } = commandLine(join(folder, 'workspace'))
      const applied = await json('apply', head, '--texts', join(heads!, 'texts.txt'), '--out', out)
      expect(applied).toMatchObject({ rows: 2, columns: 384, parity: null })
      expect(existsSync(out)).toBe(true)
    },
    60_000,
  )
})
