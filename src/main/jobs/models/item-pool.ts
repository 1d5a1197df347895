import { type ChildProcess, fork } from 'node:child_process'
import type { Socket } from 'node:net'
import { cancelled, HydraError, throwIfCancelled } from '../../../shared/errors'
import { type SilenceWatch, watchSilence } from '../processes/watch-silence'
import type { FromItemWorker, ToItemWorker } from './item-messages'

export interface ItemPoolOptions<Item> {
  /** What a worker is told first: plain JSON from which it opens its model. */
  readonly model: unknown
  /** Worker processes of one thread each: two of them beat one session of two threads by 1.3–1.6× (docs/method.md#encoder). */
  readonly processes: number
  /** The built worker, which calls serveItems. */
  readonly workerFile: string
  /** Milliseconds that a worker may take for a chunk, opening its model included; 5 minutes unless said. */
  readonly chunkBoundMs?: number
  /** Items of a chunk at most; 32 unless said. */
  readonly chunkItems?: number
  /** Characters of an item: what its work grows with. */
  lengthOf(item: Item): number
  /** Disposes of the pool. */
  readonly signal?: AbortSignal
}

export interface WorkOptions {
  readonly signal?: AbortSignal
  /** Items done so far and in all. */
  readonly onProgress?: (done: number, total: number) => void
}

/** A model spread over worker processes: items in, and what it makes of them out, by chunks. */
export interface ItemPool<Item, Answer> {
  /** @param onAnswer told what each chunk gave, of the items at `rows` */
  work(
    items: readonly Item[],
    onAnswer: (rows: readonly number[], answer: Answer) => void,
    options?: WorkOptions,
  ): Promise<void>
  dispose(): Promise<void>
}

/** Small enough (some .1 s) that a cancelled chunk is soon over and all workers end together; messages still cost nothing. */
const CHUNK_ITEMS = 32
const CHUNK_CHARACTERS = 4096
/** Chunks at one worker: one in work, one waiting, so that it never idles for a message. */
const CHUNKS_AHEAD = 2
/** Chunks that must wait before one more process is started for them: it opens its model for as long as they take. */
const CHUNKS_WORTH_A_PROCESS = 4
/** A chunk whose worker died is redone once: twice is no accident. */
const MAX_DEATHS = 2
/** A chunk takes .1 s, opening a large model some seconds. */
const CHUNK_BOUND_MS = 5 * 60_000
/** Of a worker's last words, what fits in an error. */
const STDERR_KEPT = 600

interface Chunk<Item, Answer> {
  readonly id: number
  /** Rows of the call's items. */
  readonly rows: readonly number[]
  readonly call: Call<Item, Answer>
  deaths: number
}

interface Call<Item, Answer> {
  readonly items: readonly Item[]
  finish(chunk: Chunk<Item, Answer>, answer: Answer): void
  fail(error: HydraError): void
}

interface Worker<Item, Answer> {
  readonly process: ChildProcess
  /** In the order in which the worker takes them. */
  readonly chunks: Chunk<Item, Answer>[]
  /** Ends a worker that no longer answers; its chunk is then redone as that of one that died. */
  readonly watch: SilenceWatch
  stderr: string
}

/**
 * Starts workers with the first item that needs them; they end with the pool. Chunks are handed out as workers become free,
 * longest items first.
 */
export function openItemPool<Item, Answer>(options: ItemPoolOptions<Item>): ItemPool<Item, Answer> {
  const { model, processes, workerFile, lengthOf, signal, chunkItems = CHUNK_ITEMS } = options
  throwIfCancelled(signal)
  const workers = new Set<Worker<Item, Answer>>()
  const calls = new Set<Call<Item, Answer>>()
  let waiting: Chunk<Item, Answer>[] = []
  let nextChunk = 0
  let disposed = false

  function work(
    items: readonly Item[],
    onAnswer: (rows: readonly number[], answer: Answer) => void,
    { signal, onProgress }: WorkOptions = {},
  ): Promise<void> {
    return new Promise((done, failed) => {
      if (disposed || signal?.aborted) throw cancelled()
      if (items.length === 0) return done()
      let finished = 0
      const stop = () => call.fail(cancelled())
      const end = () => {
        calls.delete(call)
        signal?.removeEventListener('abort', stop)
      }
      const call: Call<Item, Answer> = {
        items,
        finish({ rows }, answer) {
          finished += rows.length
          onAnswer(rows, answer)
          onProgress?.(finished, items.length)
          if (finished < items.length) return
          end()
          done()
        },
        fail(error) {
          end()
          waiting = waiting.filter((chunk) => chunk.call !== call)
          failed(error)
        },
      }
      calls.add(call)
      signal?.addEventListener('abort', stop, { once: true })
      for (const rows of chunkRows(items.map(lengthOf), chunkItems))
        waiting.push({ id: nextChunk++, rows, call, deaths: 0 })
      handOut()
    })
  }

  function handOut(): void {
    for (let ahead = 1; ahead <= CHUNKS_AHEAD; ahead++) {
      for (const worker of workers) if (worker.chunks.length < ahead) giveChunk(worker)
      while (ahead === 1 && isWorthWhile()) giveChunk(startWorker())
    }
    for (const worker of workers) keepAlive(worker)
  }

  function isWorthWhile(): boolean {
    return workers.size < processes && waiting.length >= (workers.size === 0 ? 1 : CHUNKS_WORTH_A_PROCESS)
  }

  function giveChunk(worker: Worker<Item, Answer>): void {
    const chunk = waiting.shift()
    if (!chunk) return
    worker.chunks.push(chunk)
    const items = chunk.rows.map((row) => chunk.call.items[row])
    send(worker, { type: 'work', chunk: chunk.id, items })
  }

  function startWorker(): Worker<Item, Answer> {
    const child = fork(workerFile, [], {
      serialization: 'advanced',
      // Not the parent's: a debugger port or a loader of its own would not work twice.
      execArgv: [],
      env: process.versions.electron ? { ...process.env, ELECTRON_RUN_AS_NODE: '1' } : process.env,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    const boundMs = options.chunkBoundMs ?? CHUNK_BOUND_MS
    const worker: Worker<Item, Answer> = {
      process: child,
      chunks: [],
      stderr: '',
      watch: watchSilence({
        boundMs,
        expected: () => worker.chunks.length > 0,
        onBound() {
          worker.stderr = `no answer for ${boundMs / 1000} s`
          child.kill('SIGKILL')
        },
      }),
    }
    workers.add(worker)
    child.on('message', (message: FromItemWorker) => receive(worker, message))
    child.stderr?.on('data', (text) => {
      worker.stderr = `${worker.stderr}${text}`.slice(-STDERR_KEPT)
    })
    // `error`: the process could not be started. `close` rather than `exit`: stderr is complete by then.
    child.on('error', (error) => lose(worker, error.message))
    child.on('close', (code, reason) => lose(worker, reason ? `signal ${reason}` : `exit code ${code}`))
    send(worker, { type: 'open', model })
    return worker
  }

  function receive(worker: Worker<Item, Answer>, message: FromItemWorker): void {
    worker.watch.heard()
    const chunk = worker.chunks.shift()
    if (chunk?.id !== message.chunk) throw new Error(`chunk ${message.chunk} answered, ${chunk?.id} was next`)
    // A call that was cancelled or has failed no longer listens.
    if (calls.has(chunk.call)) {
      if (message.type === 'done') chunk.call.finish(chunk, message.answer as Answer)
      else chunk.call.fail(HydraError.fromJSON(message.error))
    }
    handOut()
  }

  function lose(worker: Worker<Item, Answer>, reason: string): void {
    worker.watch.end()
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
  return { work, dispose }
}

/** Rows of the items in chunks of like length, longest first: the short ones even out the end. */
function chunkRows(lengths: readonly number[], most: number): number[][] {
  const order = lengths.map((_, row) => row).sort((a, b) => lengths[b] - lengths[a] || a - b)
  const chunks: number[][] = []
  let characters = 0
  for (const row of order) {
    const last = chunks.at(-1)
    characters += lengths[row]
    if (last && last.length < most && characters <= CHUNK_CHARACTERS) {
      last.push(row)
    } else {
      chunks.push([row])
      characters = lengths[row]
    }
  }
  return chunks
}

/** A worker holds its parent's event loop only while it has work: who forgets to dispose of a pool can still exit. */
function keepAlive({ process: child, chunks }: Worker<unknown, unknown>, busy = chunks.length > 0): void {
  const handles = [child, child.channel, child.stderr as Socket | null]
  for (const handle of handles) {
    if (busy) handle?.ref()
    else handle?.unref()
  }
}

function send({ process: child }: Worker<unknown, unknown>, message: ToItemWorker): void {
  // A worker that is dying takes no message; its `close` follows and its chunks are redone.
  if (child.connected) child.send(message, () => undefined)
}

function crashed(reason: string, stderr: string): HydraError {
  return new HydraError('WORKER_CRASHED', {
    expected: 'a model process to answer',
    got: `it ended twice on the same texts (${reason})${stderr ? `: ${stderr.trim()}` : ''}`,
    remedy: 'Check that there is memory left (each process needs about 200 MB) and start again.',
  })
}
