import { z } from 'zod'
import type { Choice } from '../../../../shared/schemas/run'
import type { RandomStream } from '../../numeric/random'
import type { Spec } from '../../registry/registry'
import type { StandardList } from '../calibrated-lists'
import type { PreferenceKind, Preferences } from '../preferences'

/** One query of a step, and what is known about its documents (corpus rows throughout). */
export interface AskedQuery {
  /** Row of the collection's queries. */
  readonly query: number
  /** What is to be found, without what its card shows. */
  readonly positives: readonly number[]
  /** Share of the target mass of each; sums to 1. */
  readonly weights: readonly number[]
  /** Judged relevant without being a target: a teacher's targets may miss them, but they are never negatives. */
  readonly judged: readonly number[]
  /** No candidates for this query: its own document, then what its card shows. */
  readonly excluded: readonly number[]
  /** A teacher's ordering; null where none was asked. */
  readonly list: StandardList | null
}

/** Draws what one step's queries teach. */
export interface PreferenceSampler {
  draw(asked: readonly AskedQuery[], random: RandomStream): Preferences
}

export interface SamplerMaterial {
  /** Documents of the corpus. */
  readonly documents: number
  /** Documents of a softmax: the recipe's `candidates`. */
  readonly candidates: number
  /** Kinds that some loss asks for; the others are not drawn. */
  readonly needs: ReadonlySet<PreferenceKind>
}

/** What every sampler can be told. */
export const samplerOptions = {
  depth: z
    .number()
    .int()
    .min(2)
    .max(1000)
    .default(100)
    .describe("documents of a teacher's list that are looked at"),
  positives: z
    .number()
    .int()
    .min(1)
    .max(100)
    .default(1)
    .describe("documents at the top of a teacher's list that count as to be found; judgments need none"),
  targetTemperature: z
    .number()
    .positive()
    .default(0.5)
    .describe('how evenly these share the target: softmax(standardised scores / this)'),
  pairs: z.number().int().min(1).max(256).default(16).describe('pairs of each query in a step'),
  negatives: z.number().int().min(1).max(256).default(8).describe('negatives of each query in a contrast'),
}

export type SamplerOptions = z.output<z.ZodObject<typeof samplerOptions>>

export interface SamplerSpec<Options extends z.ZodType<SamplerOptions> = z.ZodType<SamplerOptions>>
  extends Spec<Options> {
  /** It reads a teacher's lists even for pairs and candidates. */
  readonly readsLists: boolean
  /** The teacher that supplies its lists when judgments are the targets; null: it can do without or is of no use then. */
  miner(options: z.output<Options>): Choice | null
  create(material: SamplerMaterial, options: z.output<Options>): PreferenceSampler
}
