import type { AuditInput } from '../../shared/audit'
import type {
  Comparison,
  ImportedRun,
  ResolvedComparisonRequest,
  ResolvedReportRequest,
} from '../../shared/comparison'
import type { DatasetRecord } from '../../shared/dataset'
import type { JobEvent } from '../../shared/job'
import type { LintRequest } from '../../shared/lint'
import type {
  Explanation,
  PlaygroundResult,
  PlaygroundTask,
  ResolvedExplainRequest,
  ResolvedPlaygroundRequest,
} from '../../shared/playground'
import type { CardChoice, ResolvedSearchRequest, SearchResult } from '../../shared/search'
import type { Encoder } from '../engine/encoders/encoder'
import type { CachedPairScorer } from '../engine/teachers/pair-score-cache'

/** What an operation may use of the process that it runs in. */
export interface OperationContext {
  /** Workspace folder. */
  readonly workspace: string
  /** The application's own folder (resources/ lies in it). */
  readonly appRoot: string
  /** Fires at cancel. */
  readonly signal: AbortSignal
  /** Fires when the operation should stop so that it can be resumed; who cannot, goes on. */
  readonly pause: AbortSignal
  /** Streams to whoever watches and, when it names a run, into that run's events.jsonl. */
  emit(event: JobEvent): void
  now(): Date
  /** An encoder by id or folder, spread over `processes` worker processes of one thread, behind the vector cache and with its prefixes. */
  openEncoder(id: string, processes?: number): Promise<Encoder>
  /** A cross-encoder by id or folder, in worker processes of one thread, behind the cache of scores. */
  openPairScorer(model: string, maxTokens: number): Promise<CachedPairScorer>
  /** Another operation in a process of its own; its events are passed on; cancelled and paused with this one. */
  fork<Name extends OperationName>(
    name: Name,
    input: OperationInput<Name>,
    options?: { steps?: StepWatch },
  ): Promise<OperationOutput<Name>>
}

/** Of an operation that trains: that it goes on making steps is watched, with a word and then an end when it does not. */
export interface StepWatch {
  /** What makes the steps, in words. */
  readonly what: string
  /** A minute unless said. */
  readonly wordMs?: number
  /** Ten minutes unless said. */
  readonly boundMs?: number
}

/**
 * Every piece of heavy work, by name: what goes in, what comes out. Both are plain JSON; bulk bytes lie in files.
 * Jobs run in a process of their own; `search`, `export-head` and `apply-head` in a warm one that keeps vectors and network.
 */
export interface OperationTypes {
  'import-dataset': {
    /** `documents`: size of a collection that has a choice. */
    input: { source: string; id?: string; seed: number; documents?: number | 'all' }
    output: DatasetRecord
  }
  /** Asks the protocol linter about datasets; writes datasets/<id>/lint.json of each. */
  'lint-datasets': { input: LintRequest; output: { datasets: string[] } }
  /** Trains and evaluates; the run folder and run.json exist already. */
  train: { input: { run: string }; output: { run: string } }
  /** One network of a run (`task card` or `no card`) from the vector cache to a checkpoint file. */
  'train-arm': {
    /** `leads`: the phase under which this arm reports progress, empty where another arm of the run does. */
    input: { run: string; arm: string; leads: string }
    output: {
      checkpoint: string
      backend: { id: string; reason: string }
      step: number
      seconds: number
      weights: string
    }
  }
  /** The embedded demo: wordnet-finds, strict and loose hold-out; run folders exist already. */
  demo: { input: { runs: { strict: string; loose: string } }; output: { run: string } }
  /** `measures`: beside the headline ones. */
  evaluate: { input: { run: string; measures?: string[] }; output: { run: string } }
  /** A model from a folder, a zip or the hub into models/ of the workspace. */
  'add-model': {
    input: { source: string; id: string; weights?: 'int8' | 'fp32' }
    output: { model: string }
  }
  /** How good each teacher is on the dev queries of each task; writes audits/<id>.json. */
  audit: { input: AuditInput; output: { audit: string } }
  'compare-runs': { input: ResolvedComparisonRequest; output: Comparison }
  'import-run': { input: { run: string; file: string; name: string }; output: ImportedRun }
  'write-report': { input: ResolvedReportRequest; output: { files: string[]; bytes: number } }
  search: { input: ResolvedSearchRequest; output: SearchResult }
  'playground-rank': { input: ResolvedPlaygroundRequest; output: PlaygroundResult }
  'playground-explain': { input: ResolvedExplainRequest; output: Explanation }
  'playground-task': {
    input: { run: string; dataset: string; task: string; most: number }
    output: PlaygroundTask
  }
  'export-head': {
    input: { run: string; choice: CardChoice; dataset?: string; out?: string }
    output: { file: string; bytes: number; parity: number }
  }
  'apply-head': {
    input: { head: string; texts: string; out: string }
    output: { file: string; rows: number; columns: number; parity: number | null }
  }
}

export type OperationName = keyof OperationTypes
export type OperationInput<Name extends OperationName> = OperationTypes[Name]['input']
export type OperationOutput<Name extends OperationName> = OperationTypes[Name]['output']
export type Operation<Name extends OperationName> = (
  input: OperationInput<Name>,
  context: OperationContext,
) => Promise<OperationOutput<Name>>
