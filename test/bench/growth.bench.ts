import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { expect, it } from 'vitest'
import { cachedEncoder } from '../../src/main/engine/encoders/cache/vector-cache'
import type { Encoder } from '../../src/main/engine/encoders/encoder'
import { createMatrix, type Matrix, normalizeInPlace, row } from '../../src/main/engine/numeric/matrix'
import { randomStream } from '../../src/main/engine/numeric/random'
import { operationContext } from '../../src/main/jobs/processes/operation-context'
import { createWarmEngine } from '../../src/main/pipeline/playground/warm-engine'
import { openWorkbench } from '../../src/main/services/open-workbench'
import { workspacePaths } from '../../src/main/workspace/paths'
import { commandLine } from '../command-line'
import { temporaryFolder } from '../temporary-folder'
import { clusteredVectors } from './clustered-vectors'
import { madeTexts, PORTION, queriesEvery, writeMadeCollection } from './made-collection'
import { memoryOfChildren } from './memory-of-children'

/** docs/scale.md was made with 10000, 100000 and 1000000. */
const DOCUMENTS = Number(process.env.HYDRA_BENCH_DOCUMENTS ?? 10_000)
const ENCODER = process.env.HYDRA_BENCH_ENCODER ?? 'all-MiniLM-L6-v2'
/** Texts that are really encoded; a million would take hours. */
const ENCODED = 2000
const STEPS = 50
const SEARCHES = 20
const root = resolve(import.meta.dirname, '../..')

/**
 * One row of the growth table: a made collection through the commands that people use. Vectors are made as well, around a
 * thousand centres, each query near the document that answers it, and are written where encoding would have put them: the
 * cache, under the content of their texts.
 */
it(`${DOCUMENTS.toLocaleString('en')} documents: import, encoding, training, evaluation, search`, {
  timeout: 3_000_000,
}, async () => {
  const folder = await temporaryFolder()
  const workspace = join(folder, 'workspace')
  const source = join(folder, 'made')
  await writeMadeCollection(source, DOCUMENTS)
  const hydra = commandLine(workspace)
  const imported = await timed(() => hydra.json('datasets', 'import', source))

  const signals = { signal: new AbortController().signal, pause: new AbortController().signal }
  const work = operationContext({ workspace, appRoot: root, emit: () => {}, ...signals }, createWarmEngine())
  const encoder = await work.openEncoder(ENCODER)
  const { vectors: format } = await work.resolveEncoder(ENCODER)
  const sample = [...madeTexts(ENCODED)].flat()
  // The first texts start the processes.
  await encoder.encode(sample.slice(0, 32), { role: 'document', lasting: false })
  const encoded = await timed(() => encoder.encode(sample, { role: 'document', lasting: false }))
  const written = await timed(() =>
    writeVectors(encoder, format, source, workspacePaths(workspace).vectorCache),
  )
  await encoder.dispose()

  const words = ['--steps', STEPS, '--rows', 'frozen,no card,task card', '--encoder', ENCODER].map(String)
  const trained = await timed(() => hydra.json('train', '--tasks', 'made', ...words))
  const { run } = trained.value
  const lines = (await readFile(workspacePaths(workspace).run(run).events, 'utf8'))
    .split('\n')
    .filter(Boolean)
  const costs = lines.map((line) => JSON.parse(line)).filter(({ type }) => type === 'cost')
  const steps = costs.filter(({ stage }) => stage === 'train').map(({ seconds, work }) => seconds / work)
  const evaluated = costs.find(({ stage }) => stage === 'evaluate')
  const frozen = trained.value.rows.find((one: { row: string }) => one.row === 'frozen').mean['nDCG@10'].value

  const searched = await timed(() => search(workspace, run))
  const gigabytes = (bytes: number) => (bytes / 2 ** 30).toFixed(2)
  const rate = ENCODED / encoded.seconds
  console.log(
    [
      `${DOCUMENTS.toLocaleString('en')} documents, ${ENCODER}`,
      `import ${imported.seconds.toFixed(1)} s, ${gigabytes(imported.bytes)} GB`,
      `encoding ${rate.toFixed(0)} a second of ${ENCODED}, ${(DOCUMENTS / rate / 60).toFixed(1)} minutes for all`,
      `vectors written in ${written.seconds.toFixed(1)} s`,
      `training ${(1000 * Math.max(...steps)).toFixed(0)} ms a step, ${trained.seconds.toFixed(0)} s for ${STEPS} steps and the evaluation, ${gigabytes(trained.bytes)} GB in all, ${gigabytes(Math.max(...costs.map(({ memoryBytes }) => memoryBytes)))} GB the largest process`,
      `evaluation ${evaluated.seconds.toFixed(1)} s for 300 queries, frozen nDCG@10 ${frozen.toFixed(3)}`,
      `search ${searched.value.toFixed(0)} ms warm, ${searched.seconds.toFixed(1)} s with the start and ${SEARCHES} searches, ${gigabytes(searched.bytes)} GB`,
    ].join('\n  '),
  )
  expect(imported.value.documents).toBe(DOCUMENTS)
  // Each query is near its document: vectors are where their texts are.
  expect(frozen).toBeGreaterThan(0.5)
})

async function timed<T>(work: () => Promise<T>) {
  const begun = performance.now()
  const measured = await memoryOfChildren(work)
  return { ...measured, seconds: (performance.now() - begun) / 1000 }
}

/** Median milliseconds of a warm search of the whole collection, the encoding of its query included. */
async function search(workspace: string, run: string): Promise<number> {
  const workbench = await openWorkbench({
    workspace,
    appRoot: root,
    host: 'web',
    mode: 'write',
    now: () => new Date(),
  })
  try {
    const client = createRouterClient(workbench.router)
    const took: number[] = []
    const texts = [...madeTexts(SEARCHES + 1)].flat()
    for (const [at, query] of texts.entries()) {
      const begun = performance.now()
      await client.playground.rank({ run, dataset: 'made', query, k: 10, systems: ['frozen'] })
      // The first one reads the vectors.
      if (at > 0) took.push(performance.now() - begun)
    }
    return took.sort((a, b) => a - b)[Math.floor(took.length / 2)]
  } finally {
    await workbench.close()
  }
}

/** Made vectors of all documents and queries, in the encoder's cache. */
async function writeVectors(
  encoder: Encoder,
  format: 'float32' | 'float16' | 'int8',
  source: string,
  folder: string,
): Promise<void> {
  const { id, sha256, fingerprint, dimensions } = encoder
  let answers = new Map<string, Float32Array>()
  const answering: Encoder = {
    ...{ id, sha256, fingerprint, dimensions },
    // The cache asks for what it lacks, in an order of its own.
    encode: async (texts) => {
      const vectors = createMatrix(texts.length, dimensions)
      texts.forEach((text, i) => {
        row(vectors, i).set(answers.get(text)!)
      })
      return vectors
    },
    dispose: async () => {},
  }
  const [asDocuments, asQueries] = [
    cachedEncoder(answering, folder, { format }),
    cachedEncoder(answering, folder),
  ]
  // A block of the cache has no more texts than this.
  const BLOCK = 2048
  async function keep(texts: readonly string[], vectors: Matrix, cached: Encoder): Promise<void> {
    for (let first = 0; first < texts.length; first += BLOCK) {
      const part = texts.slice(first, first + BLOCK)
      answers = new Map(part.map((text, i) => [text, row(vectors, first + i)]))
      await cached.encode(part, { lasting: true })
    }
  }
  const lines = (await readFile(join(source, 'queries.jsonl'), 'utf8')).split('\n').filter(Boolean)
  const queries: string[] = lines.map((line) => JSON.parse(line).text)
  const near = createMatrix(queries.length, dimensions)
  const random = randomStream(1, 'queries near documents')
  const made = clusteredVectors({ rows: DOCUMENTS, dimensions, seed: 1 }, 'documents', PORTION)
  const every = queriesEvery(DOCUMENTS)
  let first = 0
  for (const texts of madeTexts(DOCUMENTS)) {
    const vectors: Matrix = made.next().value
    for (let i = 0; i < texts.length; i++) {
      const query = (first + i) / every
      if (!Number.isInteger(query) || query >= queries.length) continue
      const vector = row(near, query)
      vector.set(row(vectors, i))
      for (let c = 0; c < dimensions; c++) vector[c] += (0.7 * random.normal()) / Math.sqrt(dimensions)
      normalizeInPlace(vector)
    }
    first += texts.length
    await keep(texts, vectors, asDocuments)
  }
  await keep(queries, near, asQueries)
}
