import type { AuditInput } from '../../shared/audit'
import type { DatasetRecord } from '../../shared/dataset'
import type { JobEvent } from '../../shared/job'
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
  /** An encoder by id or folder, spread over `processes` worker processes of one thread, behind the vector cache. */
  openEncoder(id: string, processes?: number): Promise<Encoder>
  /** A cross-encoder by id or folder, in worker processes of one thread, behind the cache of scores. */
  openPairScorer(model: string, maxTokens: number): Promise<CachedPairScorer>
  /** Another operation in a process of its own; its events are passed on; cancelled and paused with this one. */
  fork<Name extends OperationName>(name: Name, input: OperationInput<Name>): Promise<OperationOutput<Name>>
}

/**
 * Every piece of heavy work, by name: what goes in, what comes out. Both are plain JSON; bulk bytes lie in files.
 * Jobs run in a process of their own; `search`, `export-head` and `apply-head` in a warm one that keeps vectors and network.
 */
export interface OperationTypes {
  'import-dataset': { input: { source: string; id?: string; seed: number }; output: DatasetRecord }
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
  evaluate: { input: { run: string }; output: { run: string } }
  /** How good each teacher is on the dev queries of each task; writes audits/<id>.json. */
  audit: { input: AuditInput; output: { audit: string } }
  search: { input: ResolvedSearchRequest; output: SearchResult }
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
