import type { z } from 'zod'
import type { Matrix } from '../../numeric/matrix'
import type { Spec } from '../../registry/registry'
import type { CompiledCard } from '../compiler/compiled-card'
import type { CompilerMaterial } from '../compiler/compiler-material'
import type { ExportMaterial } from '../export-material'

/** A kind of file or folder in which a head leaves the workbench. */
export interface ExportFormat<Options extends z.ZodType = z.ZodType> extends Spec<Options> {
  /** The finished folder leaves as one zip. */
  readonly zipped?: true
  /** A card. */
  readonly subject?: undefined
  /** @throws where this head or its encoder cannot leave in this format */
  create(material: ExportMaterial, options: z.output<Options>): ExportPlan | Promise<ExportPlan>
}

/** A kind of folder in which all that makes heads of cards leaves the workbench. */
export interface CompilerFormat<Options extends z.ZodType = z.ZodType> extends Spec<Options> {
  readonly subject: 'run'
  /** @throws EXPORT_UNSUPPORTED where this network cannot leave in this format */
  create(material: CompilerMaterial, options: z.output<Options>): CompilerPlan | Promise<CompilerPlan>
}

/** One export: how it is written, how it is run, and what is said of it. */
export interface ExportPlan {
  /** What one opens first, below the folder; null: the folder itself. */
  readonly main: string | null
  /** As a model hub calls what reads it, for the README's front matter. */
  readonly library: string
  /** A sentence for each file or part. */
  readonly contents: readonly string[]
  /** How it is used. Whoever asks for an example gets what a test ran. */
  readonly usage: readonly Snippet[]
  /** What no program here can run: who can, and how. */
  readonly elsewhere?: { readonly what: string; readonly script: string; readonly command: string }
  /** Writes its files into an empty folder. */
  write(folder: string): Promise<void>
  /** Runs what lies in the folder on the probes: the files themselves, not what they were made from. */
  run(folder: string, signal?: AbortSignal): Promise<readonly ExportRun[]>
}

/** The same for a compiler. */
export interface CompilerPlan extends Omit<ExportPlan, 'run'> {
  run(folder: string, signal?: AbortSignal): Promise<CompilerRun>
}

export interface Snippet {
  readonly language: 'python' | 'javascript'
  /** In words: what it does, and what it needs. */
  readonly about: string
  readonly code: string
}

/** What one part of an export makes of the probes. */
export interface ExportRun {
  readonly part: string
  readonly file: string
  /** Program and version. */
  readonly by: string
  /** [64, outputs] */
  readonly queries: Matrix
  /** [m, outputs]; null where this part does not change documents. */
  readonly documents: Matrix | null
}

/** What a compiler makes of the probes. */
export interface CompilerRun {
  readonly file: string
  /** Program and version. */
  readonly by: string
  /** Of each probe card. */
  readonly cards: readonly CompiledCard[]
  /** [64, d] of the probe texts; null where the encoder is not in it. */
  readonly encoder: { readonly file: string; readonly vectors: Matrix } | null
}

/** Gives `create` the options' types. */
export function defineFormat<Options extends z.ZodType>(
  format: ExportFormat<Options>,
): ExportFormat<Options> {
  return format
}
