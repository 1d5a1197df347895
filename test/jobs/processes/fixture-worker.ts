import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { runOperation } from '../../../src/main/jobs/processes/operation-process'
import { type RequestContext, serveOperations } from '../../../src/main/jobs/processes/serve-operations'
import type {
  Operation,
  OperationContext,
  OperationInput,
  OperationName,
  OperationOutput,
} from '../../../src/main/pipeline/operation'
import { readRun, updateRun } from '../../../src/main/workspace/runs/run-folder'
import { writeTaskMatrix } from '../../../src/main/workspace/runs/tables/task-matrix-file'
import { HydraError, paused, throwIfCancelled } from '../../../src/shared/errors'
import type { DatasetRecord } from '../../../src/shared/schemas/dataset'
import type { JobEvent } from '../../../src/shared/schemas/job'
import { madeTaskMatrix } from '../../made-task-matrix'

/** Requests that have ended. */
let closed = 0

/** A worker that behaves, and misbehaves, as it is told: the `source` of an import or the query of a search says how. */
const behaviours: {
  readonly [Name in OperationName]?: (
    input: OperationInput<Name>,
    context: OperationContext,
  ) => Promise<OperationOutput<Name>>
} = {
  'import-dataset': async ({ source, seed = 1 }, { emit, signal, fork }) => {
    const log = (message: string) => emit({ type: 'log', at: Date.now(), level: 'info', message })
    switch (source) {
      case 'echo':
        for (let done = 1; done <= 3; done++) emit(progress('count', done, 3))
        log(`seed ${seed}`)
        return record(source)
      case 'hang':
        log('hanging')
        for (;;) {
          await sleep(10)
          throwIfCancelled(signal)
        }
      case 'stubborn': {
        const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
        log(`grandchild ${child.pid}`)
        await sleep(50)
        for (;;) Math.random()
      }
      case 'crash':
        console.error('something native broke')
        process.exit(7)
        break
      case 'killed':
        process.kill(process.pid, 'SIGKILL')
        await sleep(5000)
        break
      case 'fail':
        throw new HydraError('DATASET_EMPTY', {
          expected: 'a',
          got: 'b',
          remedy: 'c',
          where: 'corpus.jsonl:3',
        })
      case 'bug':
        throw new TypeError('undefined is not a function')
      case 'nested':
        return fork('import-dataset', { source: 'echo', seed: seed + 1 })
      case 'nested one by one': {
        await fork('import-dataset', { source: 'pid', seed })
        await fork('import-dataset', { source: 'fail', seed }).catch(() => log('failed'))
        await fork('import-dataset', { source: 'pid', seed })
        await fork('import-dataset', { source: 'pid', seed })
        return record(source)
      }
      case 'pid':
        log(String(process.pid))
        return record(source)
      case 'nested stubborn':
        return fork('import-dataset', { source: 'stubborn', seed })
    }
    return record(source)
  },

  train: async ({ run }, { emit, workspace, signal, pause }) => {
    const steps = (await readRun(workspace, run)).request.steps ?? 100
    for (let step = 10; step <= steps; step += 10) {
      throwIfCancelled(signal)
      if (pause.aborted) throw paused()
      emit({ type: 'loss', at: Date.now(), run, arm: 'task card', step, steps, loss: 1 / step })
      await sleep(5)
    }
    await updateRun(workspace, run, { seen: ['scifact'] })
    return { run }
  },

  /** With examples on its cards it never ends. */
  'task-matrix': async ({ run: id, examples = 0 }, { emit, workspace, now, signal }) => {
    emit(progress('score every card', 1, 2))
    while (examples > 0) {
      await sleep(10)
      throwIfCancelled(signal)
    }
    const { datasets } = await readRun(workspace, id)
    await writeTaskMatrix(workspace, madeTaskMatrix(id, datasets, now()))
    return { run: id }
  },

  /** Makes as many steps as `leads` says, then none. */
  'train-system': async ({ run, leads }, { emit, signal }) => {
    const common = { at: Date.now(), run, arm: 'task card' }
    for (let step = 1; step <= Number(leads); step++)
      emit({ type: 'loss', ...common, step, steps: 9, loss: 1 })
    for (;;) {
      emit({ type: 'log', at: Date.now(), level: 'info', message: 'here' })
      await sleep(20)
      throwIfCancelled(signal)
    }
  },

  /** The examples of its card: how many requests have ended before. */
  'playground-rank': async ({ query }, { signal }) => {
    if (query === 'crash') process.exit(9)
    if (query === 'soon') await sleep(300, undefined, { signal })
    if (query === 'slow') await sleep(10_000, undefined, { signal })
    return {
      dataset: String(process.pid),
      card: { text: query, examples: closed },
      bm25: null,
      columns: [],
      absent: [],
      experts: null,
      relevant: null,
      milliseconds: { encode: 0, compile: 0, rank: 0 },
    }
  },
}

function progress(phase: string, done: number, total: number): JobEvent {
  const unit = 'steps'
  return {
    type: 'progress',
    at: Date.now(),
    progress: { phase, done, total, unit, rate: 1, remaining: null },
  }
}

function record(id: string): DatasetRecord {
  return {
    version: 1,
    id,
    title: id,
    summary: '',
    licence: '',
    source: '',
    importedAt: '',
    exclude: 'none',
    documents: 1,
    queries: 1,
    cards: 1,
    splits: {},
    devFrom: 'none',
    sha256: '',
    findings: [],
  }
}

const operations = new Map(
  Object.entries(behaviours).map(([name, run]): [string, Operation] => {
    const anything = z.any()
    return [name, { name, input: anything, output: anything, session: false, run: run as Operation['run'] }]
  }),
)

// None of these operations opens anything.
const warm = {} as OperationContext['warm']
const openContext = ({ workspace, appRoot, signal, pause, emit }: RequestContext): OperationContext => {
  const place = { workspace, appRoot, script: process.argv[1] }
  return {
    workspace,
    appRoot,
    signal,
    pause,
    warm,
    emit,
    now: () => new Date(),
    resolveEncoder: () => Promise.reject(new Error('this worker has no models')),
    openEncoder: () => Promise.reject(new Error('this worker has no encoder')),
    runProgram: () => Promise.reject(new Error('this worker starts no program')),
    openGenerator: () => Promise.reject(new Error('this worker has no generator')),
    openPairScorer: () => Promise.reject(new Error('this worker has no cross-encoder')),
    fork: (name, input, options) =>
      runOperation(name, input, { ...place, signal, pause, emit, ...options }, true),
  }
}
serveOperations(operations, openContext, () => {
  closed++
})
