import { type ChildProcess, fork } from 'node:child_process'
import type { Socket } from 'node:net'
import { cancelled, HydraError, throwIfCancelled } from '../../shared/errors'
import type { EncodeOptions, Encoder } from '../engine/encoders/encoder'
import type { ResolvedModel } from '../engine/encoders/model-folder'
import { createMatrix, type Matrix } from '../engine/numeric/matrix'
import type { FromEncoderWorker, ToEncoderWorker } from './encoder-messages'

export interface EncoderPoolOptions {
  readonly model: ResolvedModel
  /** Worker processes of one thread each: two of them beat one session of two threads by 1.3–1.6× (METHOD 5). */
  readonly processes: number
  /** The built encoder-worker.js. */
  readonly workerFile: string
  /** Disposes of the pool. */
  readonly signal?: AbortSignal
}

/** Small enough (some .1 s) that a cancelled chunk is soon over and all workers end together; messages still cost nothing. */
const CHUNK_TEXTS = 32
const CHUNK_CHARACTERS = 4096
/** Chunks at one worker: one in work, one waiting, so that it never idles for a message. */
const CHUNKS_AHEAD = 2
/** A chunk whose worker died is redone once: twice is no accident. */
const MAX_DEATHS = 2
/** Of a worker's last words, what fits in an error. */
const STDERR_KEPT = 600

interface Chunk {
  readonly id: number
  /** Rows of the call's texts. */
  readonly rows: readonly number[]
  readonly call: Call
  deaths: number
}

interface Call {
  readonly texts: readonly string[]
  readonly vectors: Matrix
  finish(chunk: Chunk, data: Float32Array): void
  fail(error: HydraError): void
}

interface Worker {
  readonly process: ChildProcess
  /** In the order in which the worker takes them. */
  readonly chunks: Chunk[]
  stderr: string
}

/**
 * An encoder spread over worker processes, which start with the first text that needs them and end with the pool. Chunks
 * are handed out as workers become free, longest texts first.
 */
export async function openEncoderPool(options: EncoderPoolOptions): Promise<Encoder> {
  const { model, processes, workerFile, signal } = options
  throwIfCancelled(signal)
  const workers = new Set<Worker>()
  const calls = new Set<Call>()
  let waiting: Chunk[] = []
  let nextChunk = 0
  let disposed = false

  function encode(texts: readonly string[], { signal, onProgress }: EncodeOptions = {}): Promise<Matrix> {
    const vectors = createMatrix(texts.length, model.dimensions)
    return new Promise((done, failed) => {
      if (disposed || signal?.aborted) throw cancelled()
      if (texts.length === 0) return done(vectors)
      let encoded = 0
      const stop = () => call.fail(cancelled())
      const end = () => {
        calls.delete(call)
        signal?.removeEventListener('abort', stop)
      }
      const call: Call = {
        texts,
        vectors,
        finish({ rows }, data) {
          rows.forEach((row, i) => {
            const vector = data.subarray(i * model.dimensions, (i + 1) * model.dimensions)
            vectors.data.set(vector, row * model.dimensions)
          })
          encoded += rows.length
          onProgress?.(encoded, texts.length)
          if (encoded < texts.length) return
          end()
          done(vectors)
        },
        fail(error) {
          end()
          waiting = waiting.filter((chunk) => chunk.call !== call)
          failed(error)
        },
      }
      calls.add(call)
      signal?.addEventListener('abort', stop, { once: true })
      for (const rows of chunkRows(texts)) waiting.push({ id: nextChunk++, rows, call, deaths: 0 })
      handOut()
    })
  }

  function handOut(): void {
    for (let ahead = 1; ahead <= CHUNKS_AHEAD; ahead++) {
      for (const worker of workers) if (worker.chunks.length < ahead) giveChunk(worker)
      while (ahead === 1 && waiting.length > 0 && workers.size < processes) giveChunk(startWorker())
    }
    for (const worker of workers) keepAlive(worker)
  }

  function giveChunk(worker: Worker): void {
    const chunk = waiting.shift()
    if (!chunk) return
    worker.chunks.push(chunk)
    const texts = chunk.rows.map((row) => chunk.call.texts[row])
    send(worker, { type: 'encode', chunk: chunk.id, texts })
  }

  function startWorker(): Worker {
    const child = fork(workerFile, [], {
      serialization: 'advanced',
      // Not the parent's: a debugger port or a loader of its own would not work twice.
      execArgv: [],
      env: process.versions.electron ? { ...process.env, ELECTRON_RUN_AS_NODE: '1' } : process.env,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    const worker: Worker = { process: child, chunks: [], stderr: '' }
    workers.add(worker)
    child.on('message', (message: FromEncoderWorker) => receive(worker, message))
    child.stderr?.on('data', (text) => {
      worker.stderr = `${worker.stderr}${text}`.slice(-STDERR_KEPT)
    })
    // `error`: the process could not be started. `close` rather than `exit`: stderr is complete by then.
    child.on('error', (error) => lose(worker, error.message))
    child.on('close', (code, reason) => lose(worker, reason ? `signal ${reason}` : `exit code ${code}`))
    send(worker, { type: 'open', model })
    return worker
  }

  function receive(worker: Worker, message: FromEncoderWorker): void {
    const chunk = worker.chunks.shift()
    if (chunk?.id !== message.chunk) throw new Error(`chunk ${message.chunk} answered, ${chunk?.id} was next`)
    // A call that was cancelled or has failed no longer listens.
    if (calls.has(chunk.call)) {
      if (message.type === 'vectors') chunk.call.finish(chunk, message.data)
      else chunk.call.fail(HydraError.fromJSON(message.error))
    }
    handOut()
  }

  function lose(worker: Worker, reason: string): void {
    if (!workers.delete(worker)) return
    const chunks = worker.chunks.filter((chunk) => calls.has(chunk.call))
    // Only the first was in work; the others waited behind it.
    if (chunks.length > 0) chunks[0].deaths++
    waiting.unshift(...chunks)
    for (const { deaths, call } of chunks) {
      if (deaths >= MAX_DEATHS) call.fail(crashed(reason, worker.stderr))
    }
    handOut()
  }

  async function dispose(): Promise<void> {
    if (disposed) return
    disposed = true
    signal?.removeEventListener('abort', dispose)
    const ends = [...workers].map(
      (worker) =>
        new Promise<void>((ended) => {
          keepAlive(worker, true)
          worker.process.once('close', () => ended())
          worker.process.once('error', () => ended())
          worker.process.kill('SIGKILL')
        }),
    )
    workers.clear()
    for (const call of calls) call.fail(cancelled())
    await Promise.all(ends)
  }

  signal?.addEventListener('abort', dispose, { once: true })
  const { id, sha256, fingerprint, dimensions } = model
  return { id, sha256, fingerprint, dimensions, encode, dispose }
}

/** Rows of the texts in chunks of like length, longest first: the short ones even out the end. */
function chunkRows(texts: readonly string[]): number[][] {
  const order = texts.map((_, row) => row).sort((a, b) => texts[b].length - texts[a].length || a - b)
  const chunks: number[][] = []
  let characters = 0
  for (const row of order) {
    const last = chunks.at(-1)
    characters += texts[row].length
    if (last && last.length < CHUNK_TEXTS && characters <= CHUNK_CHARACTERS) {
      last.push(row)
    } else {
      chunks.push([row])
      characters = texts[row].length
    }
  }
  return chunks
}

/** A worker holds its parent's event loop only while it has work: who forgets to dispose of a pool can still exit. */
function keepAlive({ process: child, chunks }: Worker, busy = chunks.length > 0): void {
  const handles = [child, child.channel, child.stderr as Socket | null]
  for (const handle of handles) {
    if (busy) handle?.ref()
    else handle?.unref()
  }
}

function send({ process: child }: Worker, message: ToEncoderWorker): void {
  // A worker that is dying takes no message; its `close` follows and its chunks are redone.
  if (child.connected) child.send(message, () => undefined)
}

function crashed(reason: string, stderr: string): HydraError {
  return new HydraError('WORKER_CRASHED', {
    expected: 'an encoder process to answer',
    got: `it ended twice on the same texts (${reason})${stderr ? `: ${stderr.trim()}` : ''}`,
    remedy: 'Check that there is memory left (each process needs about 200 MB) and start again.',
  })
}
