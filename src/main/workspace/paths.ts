import { join } from 'node:path'
import type { VariantSet } from '../../shared/tables/variant-words'

/** Every path of a run folder. */
interface RunPaths {
  readonly folder: string
  /** What was asked and how it ended. */
  readonly record: string
  /** What another process asks of whoever runs the run: pause or cancel. */
  readonly request: string
  /** What a person wrote about it. */
  readonly annotations: string
  /** When it was deleted; only in the folder of deleted runs. */
  readonly deleted: string
  /** What happened, one JSON object a line, append-only. */
  readonly events: string
  /** The verdict. */
  readonly results: string
  /** Every card on every task, by the number of examples on a card. */
  matrix(examples: number): string
  /** Its cards with a part left out, or said otherwise, by the number of examples on a card. */
  variants(about: VariantSet, examples: number): string
  /** The ladder over numbers of examples, all on the same queries. */
  readonly examplesCurve: string
  /** What of it is handed out for which card, and why. */
  readonly handOut: string
  /** Per-query scores, one file a task. */
  readonly queries: string
  readonly checkpoints: string
  readonly exports: string
  taskScores(task: string): string
  /** Generated queries that it trains on, by dataset. */
  generated(dataset: string): string
  checkpoint(name: string): string
}

/** Every path of a workspace: the one place that knows the layout on disk. */
export interface WorkspacePaths {
  readonly root: string
  readonly lock: string
  /** What opens the web host's line. */
  readonly webToken: string
  readonly cards: string
  readonly datasets: string
  readonly models: string
  readonly cache: string
  readonly vectorCache: string
  readonly teacherCache: string
  /** Queries that models wrote, by model and document. */
  readonly queryCache: string
  /** What the runs of this workspace cost, by machine. */
  readonly costs: string
  /** Milliseconds a step of what was measured, by backend and machine. */
  readonly stepTimes: string
  /** Files that a browser sent, until their import has read them. */
  readonly uploads: string
  /** Published files of a source, until its import has read them: also the half of one. @param source its name */
  published(source: string): string
  readonly runs: string
  /** Where deleted runs lie until they are restored or gone for good. */
  readonly deletedRuns: string
  /** What lists show of each run; deletable like all of the cache. */
  readonly runSummaries: string
  readonly audits: string
  audit(id: string): string
  card(id: string): string
  /** Versions of a card that were replaced or deleted. */
  cardHistory(id: string): string
  dataset(id: string): string
  /** What an import wrote of a dataset. */
  datasetRecord(id: string): string
  lintReport(id: string): string
  /** Queries that were last written of a dataset to be looked at. */
  generatedQueries(id: string): string
  /** Where a deleted dataset stays until the workspace is closed. */
  deletedDataset(id: string): string
  readonly indexes: string
  /** What is here of an index: how it is reached, and its data where these lie here too. */
  index(engine: string, name: string): string
  /** @param sha256 of a dataset */
  statistics(sha256: string): string
  run(id: string): RunPaths
  deletedRun(id: string): RunPaths
}

/** A deleted dataset waits in `datasets/` under this prefix. */
export const DELETED_PREFIX = '.deleted-'
const SAFE_ID = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,199}$/u

/** Whether a text may name a file or folder of the workspace: no separators, no leading dot, no way out. */
export function isSafeId(id: string): boolean {
  return SAFE_ID.test(id)
}

export function workspacePaths(root: string): WorkspacePaths {
  const runs = join(root, 'runs')
  const cards = join(root, 'cards')
  const datasets = join(root, 'datasets')
  const cache = join(root, 'cache')
  const audits = join(root, 'audits')
  const indexes = join(root, 'indexes')
  const deletedRuns = join(runs, '.deleted')
  return {
    root,
    lock: join(root, '.lock'),
    webToken: join(root, '.web-token.json'),
    cards,
    datasets,
    models: join(root, 'models'),
    cache,
    vectorCache: join(cache, 'vectors'),
    teacherCache: join(cache, 'teachers'),
    queryCache: join(cache, 'queries'),
    costs: join(cache, 'costs.json'),
    stepTimes: join(cache, 'step-times.json'),
    uploads: join(cache, 'uploads'),
    published: (source) => join(cache, 'sources', safe(source.replaceAll('/', '-'))),
    runs,
    deletedRuns,
    runSummaries: join(cache, 'runs.jsonl'),
    audits,
    audit: (id) => join(audits, `${safe(id)}.json`),
    card: (id) => join(cards, `${safe(id)}.json`),
    cardHistory: (id) => join(cards, '.history', safe(id)),
    dataset: (id) => join(datasets, safe(id)),
    datasetRecord: (id) => join(datasets, safe(id), 'dataset.json'),
    lintReport: (id) => join(datasets, safe(id), 'lint.json'),
    generatedQueries: (id) => join(datasets, safe(id), 'generated.json'),
    deletedDataset: (id) => join(datasets, `${DELETED_PREFIX}${safe(id)}`),
    statistics: (sha256) => join(cache, 'statistics', `${safe(sha256)}.json`),
    indexes,
    index: (engine, name) => join(indexes, safe(engine), safe(name)),
    run: (id) => runPaths(join(runs, safe(id))),
    deletedRun: (id) => runPaths(join(deletedRuns, safe(id))),
  }
}

function runPaths(folder: string): RunPaths {
  const queries = join(folder, 'queries')
  const checkpoints = join(folder, 'checkpoints')
  return {
    folder,
    record: join(folder, 'run.json'),
    request: join(folder, 'request.json'),
    annotations: join(folder, 'annotations.json'),
    deleted: join(folder, 'deleted.json'),
    events: join(folder, 'events.jsonl'),
    results: join(folder, 'results.json'),
    matrix: (examples) => join(folder, `matrix-k${examples}.json`),
    variants: (about, examples) => join(folder, `${about}-k${examples}.json`),
    examplesCurve: join(folder, 'examples-curve.json'),
    handOut: join(folder, 'hand-out.json'),
    queries,
    checkpoints,
    exports: join(folder, 'exports'),
    taskScores: (task) => `${join(queries, ...task.split('/').map(safe))}.jsonl`,
    generated: (dataset) => join(folder, 'generated', `${safe(dataset)}.json`),
    checkpoint: (name) => join(checkpoints, `${safe(name)}.safetensors`),
  }
}

/** Callers check ids that people typed and answer with a code of their own; what gets here unsafe is a fault. */
function safe(id: string): string {
  if (!isSafeId(id)) throw new RangeError(`not a safe file name: ${JSON.stringify(id)}`)
  return id
}
