import { implement } from '@orpc/server'
import type { RequestHeadersPluginContext } from '@orpc/server/plugins'
import { contract } from '../../src/shared/contract'
import type { DatasetRecord } from '../../src/shared/schemas/dataset'
import type { JobEvent } from '../../src/shared/schemas/job'
import type { RemoteCost } from '../../src/shared/schemas/model'
import type { RunRecord } from '../../src/shared/schemas/run'
import type { CostEstimate } from '../../src/shared/schemas/runs/plan'
import type { TaskMatrix } from '../../src/shared/schemas/tables/task-matrix'
import { FixtureAnnotations } from './fixture-annotations'
import { backendsWith, PROVIDERS } from './fixture-backends'
import { fixtureCards } from './fixture-cards'
import {
  fixtureComparison,
  fixtureCurves,
  fixtureMatrix,
  fixtureQueries,
  fixtureRankings,
} from './fixture-comparison'
import { fixtureDatasets } from './fixture-datasets'
import { type FixtureJobs, matrixScript, trainScript } from './fixture-jobs'
import { MODELS } from './fixture-models'
import { fixturePlayground } from './fixture-playground'
import { refused } from './fixture-refusal'
import { RECIPE, REGISTRIES } from './fixture-registries'
import type { FixtureOptions } from './fixture-server'
import { makeRun, makeVerdict, randomFrom, SCIFACT, TASKS, taskScores, WORDNET } from './fixture-world'

const ESTIMATE: CostEstimate = {
  backend: { id: 'wasm', reason: 'the first that works here' },
  stages: [
    {
      stage: 'encode',
      work: '5,183 texts',
      seconds: 38,
      source: { run: 'demo-strict', at: '2026-01-02T08:00:00Z' },
    },
    {
      stage: 'train',
      work: '2 networks of 800 steps',
      seconds: 400,
      source: { run: 'demo-strict', at: '2026-01-02T08:00:00Z' },
    },
    { stage: 'evaluate', work: '244 tasks', seconds: null, source: null },
  ],
  seconds: null,
  memoryBytes: 1_200_000_000,
  totalMemoryBytes: 16_000_000_000,
}

const SERVICE_COST: RemoteCost = {
  service: 'Made Service',
  texts: 3000,
  tokens: 96_000,
  price: 0.12,
  words: '3,000 texts with about 96,000 tokens to Made Service, for about .12 by its stated price',
}

/** The namespaces that pages call: all but those that only the terminal asks. */
const { sweeps: _sweeps, reproductions: _reproductions, models, indexes: _indexes, ...others } = contract
const PAGES_USE = { ...others, models: { cost: models.cost, list: models.list } }

/** The contract over fixture data in memory. */
export function fixtureRouter(scenario: FixtureOptions['scenario'], jobs: FixtureJobs) {
  const os = implement(PAGES_USE).$context<RequestHeadersPluginContext>()
  const full = scenario === 'full'
  let isService = false
  const datasets: DatasetRecord[] = full ? [WORDNET, SCIFACT] : []
  const strict = makeRun({
    id: 'demo-strict',
    kind: 'demo',
    title: 'Demo, strict hold-out',
    companion: 'demo-one-way',
  })
  const runs: RunRecord[] = full
    ? [
        strict,
        makeRun({
          id: 'demo-one-way',
          kind: 'demo',
          title: 'Demo, one-way hold-out',
          companion: 'demo-strict',
          createdAt: '2026-03-14T09:11:00.000Z',
          request: { ...strict.request, holdOut: 'one-way' },
        }),
        makeRun({
          id: 'train-failed',
          title: 'Train 12 tasks',
          state: 'failed',
          reason: 'TRAINING_DIVERGED: the loss was not a number at step 412.',
          createdAt: '2026-03-13T17:40:00.000Z',
        }),
        makeRun({
          id: 'train-cut',
          title: 'Train wordnet-finds/*',
          state: 'interrupted',
          reason: 'The process ended at step 900 of 1,600; the network was lost, vectors are kept.',
          createdAt: '2026-03-12T11:02:00.000Z',
        }),
      ]
    : []
  const annotated = new FixtureAnnotations()
  const matrices = new Map<string, TaskMatrix>()
  const trainJob = (run: RunRecord, kind: 'train' | 'demo', steps: number) => {
    if (!runs.includes(run)) runs.unshift(run)
    const id = jobs.start(
      { kind, title: run.title, runs: [run.id] },
      trainScript(run.id, steps, randomFrom(run.request.seed)),
      (state) => {
        Object.assign(run, { state, endedAt: new Date().toISOString() })
      },
    )
    return { job: id, runs: [run.id] }
  }
  const newRun = (title: string, change: Partial<RunRecord> = {}) =>
    makeRun({
      id: `run-${runs.length + 1}`,
      title,
      state: 'running',
      createdAt: new Date().toISOString(),
      endedAt: null,
      ...change,
    })

  return os.router({
    system: {
      caches: os.system.caches.handler(() => []),
      clearCaches: os.system.clearCaches.handler(() => ({ bytes: 0 })),
      log: os.system.log.handler(() => []),
      workspace: os.system.workspace.handler(() => ({ folder: '/workspace' })),
      recentWorkspaces: os.system.recentWorkspaces.handler(() => ['/workspace', '/another']),
      openWorkspace: os.system.openWorkspace.handler(() => ({ url: 'http://127.0.0.1:1/#token=none' })),
      doctor: os.system.doctor.handler(() => ({
        version: '0.1.0',
        host: 'fixture',
        workspace: '/workspace',
        machine: { cpu: 'Fixture', cores: 2, memoryBytes: 8e9, platform: 'linux x64', node: '20.20.0' },
        backends: backendsWith({}),
        measured: null,
        providers: PROVIDERS,
        encoder: { id: 'all-MiniLM-L6-v2', ok: true, detail: '', bytes: 23e6 },
        cache: { vectorBytes: 0, files: 0 },
        models: MODELS.map(({ id, use, runner, problem }) => ({ id, use, runner, problem })),
        keys: [],
        recovered: [],
      })),
    },
    models: {
      // The encoder is on this machine and costs nothing, until the playground says that it is a service.
      cost: os.models.cost.handler(() => (isService ? SERVICE_COST : null)),
      list: os.models.list.handler(() => MODELS),
    },
    datasets: fixtureDatasets(datasets, jobs),
    cards: fixtureCards(full),
    jobs: {
      list: os.jobs.list.handler(() => jobs.list()),
      show: os.jobs.show.handler(({ input, errors }) => {
        const job = jobs.get(input.id)
        if (!job)
          throw refused(errors, 'JOB_UNKNOWN', {
            expected: 'a job of this host',
            got: input.id,
            remedy: 'Jobs are forgotten when the host ends; its runs are on Home.',
          })
        return job
      }),
      pause: os.jobs.pause.handler(({ input }) => jobs.pause(input.id)),
      cancel: os.jobs.cancel.handler(({ input }) => jobs.cancel(input.id)),
      watch: os.jobs.watch.handler(async function* ({ input, errors, signal }) {
        if (!jobs.get(input.id))
          throw refused(errors, 'JOB_UNKNOWN', {
            expected: 'a job of this host',
            got: input.id,
            remedy: 'Jobs are forgotten when the host ends; its runs are on Home.',
          })
        yield* jobs.watch(input.id, signal)
      }),
      changes: os.jobs.changes.handler(async function* ({ signal }) {
        yield* jobs.changes(signal)
      }),
    },
    runs: {
      list: os.runs.list.handler(() => runs.map((run) => ({ ...run, annotations: annotated.of(run.id) }))),
      watch: os.runs.watch.handler(({ signal }) => annotated.watch(runs, signal)),
      annotate: os.runs.annotate.handler(({ input: { ids, ...change } }) =>
        ids.map((id) => ({ id, annotations: annotated.change(id, change) })),
      ),
      delete: os.runs.delete.handler(({ input, errors }) => {
        const running = runs.find(({ id, state }) => input.ids.includes(id) && state === 'running')
        if (running)
          throw refused(errors, 'RUN_STATE', {
            expected: 'runs that have ended',
            got: `${running.id}, which is running`,
            remedy: 'Cancel it first.',
          })
        return annotated.delete(runs, input.ids)
      }),
      restore: os.runs.restore.handler(({ input }) => {
        annotated.restore(runs, input.ids)
        return input
      }),
      deleted: os.runs.deleted.handler(() => annotated.deleted()),
      emptyDeleted: os.runs.emptyDeleted.handler(() => ({ runs: annotated.empty() })),
      show: os.runs.show.handler(({ input, errors }) => {
        const run = runs.find((one) => one.id === input.id)
        if (!run)
          throw refused(errors, 'RUN_UNKNOWN', {
            expected: 'a run of this workspace',
            got: input.id,
            remedy: 'Choose one from the list.',
          })
        return run
      }),
      pause: os.runs.pause.handler(({ input }) => runs.find((one) => one.id === input.id)!),
      cancel: os.runs.cancel.handler(({ input }) => runs.find((one) => one.id === input.id)!),
      resume: os.runs.resume.handler(({ input }) => {
        const run = runs.find((one) => one.id === input.id)!
        Object.assign(run, { state: 'running', endedAt: null })
        return trainJob(run, run.kind === 'demo' ? 'demo' : 'train', 1600)
      }),
      events: os.runs.events.handler(({ input, errors }) => {
        if (!runs.some(({ id }) => id === input.id))
          throw refused(errors, 'RUN_UNKNOWN', {
            expected: 'a run',
            got: input.id,
            remedy: 'Choose another.',
          })
        const said = jobs.eventsOf(input.id)
        if (said.length > 0) return said
        return [...trainScript(input.id, 1600, randomFrom(3))]
          .slice(0, 40)
          .flat()
          .map((event, index) => ({ ...event, at: 1.77e12 + index * 900 }) as JobEvent)
      }),
      curves: os.runs.curves.handler(({ input }) => fixtureCurves(input.id, input.of)),
      verdict: os.runs.verdict.handler(({ input }) => {
        const run = runs.find((one) => one.id === input.id)
        return run?.state === 'done' ? makeVerdict(run, run.id === 'demo-one-way' ? 0.008 : 0) : null
      }),
      tasks: os.runs.tasks.handler(({ input }) =>
        taskScores(input.row, input.cards === 'seen' ? 'seen' : 'unseen', input.examples),
      ),
    },
    teachers: {
      list: os.teachers.list.handler(() => []),
      audit: os.teachers.audit.handler(() => ({ job: 'none', runs: [], audit: 'none' })),
      audits: os.teachers.audits.handler(() => []),
      examples: os.teachers.examples.handler(() => []),
      show: os.teachers.show.handler(({ errors, input }) => {
        throw refused(errors, 'FILE_MISSING', {
          expected: 'an audit',
          got: input.id,
          remedy: 'List the audits.',
        })
      }),
    },
    registries: { list: os.registries.list.handler(() => [...REGISTRIES]) },
    training: {
      recipe: os.training.recipe.handler(({ input, errors }) => {
        if (input.overrides && 'learningRate' in input.overrides && input.overrides.learningRate === 999)
          throw refused(errors, 'USAGE', { expected: 'less', got: '999', remedy: 'Correct it.' })
        return RECIPE
      }),
      split: os.training.split.handler(({ input }) => {
        const heldOut = typeof input.unseen === 'number' ? Math.round(TASKS.length * input.unseen) : 0
        const ids = TASKS.map(({ id }) => id)
        return {
          tasks: ids.length,
          trained: { count: ids.length - heldOut, tasks: ids.slice(heldOut) },
          heldOut: { count: heldOut, tasks: ids.slice(0, heldOut) },
          leftOut: [],
          notes: [],
        }
      }),
      estimate: os.training.estimate.handler(() => ESTIMATE),
      measure: os.training.measure.handler(() => ESTIMATE),
      backends: os.training.backends.handler(() => ({ backends: backendsWith({}), measured: null })),
      measureBackends: os.training.measureBackends.handler(({ input }) => ({
        backends: backendsWith({ webgpu: 3.14, wasm: 21.3, cpu: 0.56 }),
        measured: { configuration: `${input.tasks.join(', ')}; recommended`, at: '2026-01-01T12:00:00Z' },
      })),
      start: os.training.start.handler(({ input }) =>
        trainJob(
          newRun(`Train ${input.tasks.join(', ')}`.slice(0, 60), {
            request: { ...input, splitSeed: input.splitSeed ?? input.seed },
          }),
          'train',
          input.steps ?? 1600,
        ),
      ),
      demo: os.training.demo.handler(({ input }) => {
        if (!datasets.includes(WORDNET)) datasets.push(WORDNET)
        return trainJob(newRun('Demo, strict hold-out', { kind: 'demo' }), 'demo', input.steps ?? 1600)
      }),
    },
    evaluation: {
      start: os.evaluation.start.handler(() => ({ job: 'none', runs: [] })),
      startMatrix: os.evaluation.startMatrix.handler(({ input }) => {
        const job = { kind: 'matrix', title: 'Score every card', runs: [input.run] } as const
        return {
          job: jobs.start({ ...job, runs: [...job.runs] }, matrixScript(), (state) => {
            if (state === 'done') matrices.set(`${input.run} ${input.examples}`, fixtureMatrix(input))
          }),
          runs: [input.run],
        }
      }),
      matrix: os.evaluation.matrix.handler(
        ({ input }) => matrices.get(`${input.run} ${input.examples}`) ?? null,
      ),
      startVariants: os.evaluation.startVariants.handler(() => ({ job: 'none', runs: [] })),
      variants: os.evaluation.variants.handler(() => null),
      startCurve: os.evaluation.startCurve.handler(() => ({ job: 'none', runs: [] })),
      curve: os.evaluation.curve.handler(() => null),
    },
    reporting: {
      compare: os.reporting.compare.handler(({ input }) => fixtureComparison(input)),
      differs: os.reporting.differs.handler(({ input }) => [
        { setting: 'request.holdOut', values: input.runs.map((run) => run.replace('demo-', '')) },
        { setting: 'weights.task card', values: input.runs.map((run) => `hash of ${run}`) },
      ]),
      queries: os.reporting.queries.handler(({ input }) => fixtureQueries(input)),
      rankings: os.reporting.rankings.handler(({ input }) => fixtureRankings(input)),
      published: os.reporting.published.handler(() => []),
      page: os.reporting.page.handler(() => ({ html: '<!doctype html><title>Report</title>' })),
      importRun: os.reporting.importRun.handler(({ errors }) => {
        throw refused(errors, 'FILE_MISSING', { expected: 'a run file', got: 'none', remedy: 'Name one.' })
      }),
      write: os.reporting.write.handler(() => ({ files: [], bytes: 0, notes: [] })),
    },
    playground: fixturePlayground(strict.unseen, () => {
      isService = true
    }),
    exporting: {
      head: os.exporting.head.handler(() => ({
        folder: '/workspace/head-safetensors',
        file: '/workspace/head-safetensors/head.safetensors',
        bytes: 592_000,
        files: ['head.safetensors', 'README.md', 'certificate.json'],
        parity: 1e-7,
        handedOut: 'Handed out: the task card as it was trained.',
        parts: [],
        elsewhere: null,
      })),
      compiler: os.exporting.compiler.handler(({ input }) => ({
        folder: `/workspace/runs/${input.run}/exports/${input.run}-compiler`,
        file: `/workspace/runs/${input.run}/exports/${input.run}-compiler`,
        bytes: 23_000_000,
        files: ['compiler.onnx', 'compiler.json', 'encoder.onnx', 'README.md', 'certificate.json'],
        parity: 1e-7,
        handedOut: 'A card with examples: handed out. A card without: handed out.',
        parts: [{ part: 'W', file: 'compiler.onnx', by: 'onnxruntime', difference: 1e-7, ranks: null }],
        elsewhere: null,
      })),
      heads: os.exporting.heads.handler(() => []),
      search: os.exporting.search.handler(({ input, errors }) => {
        throw refused(errors, 'FILE_MISSING', { expected: 'a head', got: input.file, remedy: 'Export it.' })
      }),
      reveal: os.exporting.reveal.handler(() => ({})),
      apply: os.exporting.apply.handler(() => ({
        file: '/workspace/out.npy',
        rows: 1,
        columns: 384,
        parity: null,
      })),
    },
  })
}
