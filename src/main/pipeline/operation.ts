import { z } from 'zod'
import type { JobEvent } from '../../shared/schemas/job'
import type { Encoder } from '../engine/encoders/encoder'
import type { ResolvedEncoder } from '../engine/encoders/remote/resolve-encoder'
import type { QueryGenerator, Writing } from '../engine/encoders/transformers/query-generator'
import type { CachedPairScorer } from '../engine/teachers/pair-score-cache'
import type { WarmEngine } from './playground/warm-engine'

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
  /** Corpora, networks and encoders that this process has opened: worth having in the session, which answers many requests. */
  readonly warm: WarmEngine
  /** Streams to whoever watches and, when it names a run, into that run's events.jsonl. */
  emit(event: JobEvent): void
  now(): Date
  /** An encoder's folder and settings, by id or folder; of a service its record. */
  resolveEncoder(id: string): Promise<ResolvedEncoder>
  /**
   * An encoder by id or folder, spread over `processes` worker processes of one thread, or the service that it is; behind the vector
   * cache and with its prefixes.
   */
  openEncoder(id: string, processes?: number): Promise<Encoder>
  /** A cross-encoder by id or folder, in worker processes of one thread, behind the cache of scores. */
  openPairScorer(model: string, maxTokens: number): Promise<CachedPairScorer>
  /** A model that writes queries by id or folder, in worker processes of one thread, behind the cache of what it wrote. */
  openGenerator(model: string, writing: Writing): Promise<QueryGenerator>
  /** A program that is installed here, until it ends or the work is cancelled; null where there is none of the name. @param folder where it runs */
  runProgram(
    program: string,
    args: readonly string[],
    folder: string,
  ): Promise<{ readonly code: number | null; readonly lastWords: string } | null>
  /** Another operation in a process of its own; its events are passed on; cancelled and paused with this one. */
  fork<Name extends OperationName>(
    name: Name,
    input: OperationInput<Name>,
    options?: ForkOptions,
  ): Promise<OperationOutput<Name>>
}

export interface ForkOptions {
  readonly steps?: StepWatch
  /** In a process that nothing ran in before, and that ends with it: native libraries do not bear each other. */
  readonly alone?: boolean
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
 * A piece of heavy work, by name. What goes in and comes out is plain JSON that fits its schemas, since it crosses a process
 * boundary; bulk bytes lie in files.
 */
export interface Operation<
  Name extends string = string,
  Input extends z.ZodType = z.ZodType,
  Output extends z.ZodType = z.ZodType,
  Session extends boolean = boolean,
> {
  readonly name: Name
  readonly input: Input
  readonly output: Output
  /** A person waits for it: the warm session runs it. Otherwise it has a process of its own, and most often a job. */
  readonly session: Session
  run(input: z.output<Input>, context: OperationContext): Promise<z.input<Output>>
}

/** Infers the types of an operation from its schemas. */
export function defineOperation<
  const Name extends string,
  Input extends z.ZodType,
  Output extends z.ZodType,
  const Session extends boolean,
>(operation: Operation<Name, Input, Output, Session>): Operation<Name, Input, Output, Session> {
  return operation
}

/**
 * Every operation by name. A file that defines one adds its line here by declaration merging, so that callers know its types.
 * @public merged into by name, never imported
 */
// biome-ignore lint/suspicious/noEmptyInterface: filled by the files of the operations
export interface Operations {}

export type OperationName = keyof Operations
/** Those that the session runs. */
export type SessionOperationName = {
  [Name in OperationName]: Operations[Name] extends { session: true } ? Name : never
}[OperationName]
export type OperationInput<Name extends OperationName> = Operations[Name] extends { input: infer Input }
  ? z.input<Input>
  : never
export type OperationOutput<Name extends OperationName> = Operations[Name] extends { output: infer Output }
  ? z.output<Output>
  : never

/** What a run is named by, where nothing else is asked. */
export const runInput = z.strictObject({ run: z.string() })
