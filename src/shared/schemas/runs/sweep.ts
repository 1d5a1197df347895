import { z } from 'zod'
import { seedSchema, trainRequestSchema } from '../run'
import { cardsSchema, systemNameSchema } from '../verdict'
import { runSummarySchema } from './run-summary'

/** One choice of options, without its seeds. */
const sweepPointSchema = z.strictObject({
  /** What it has that other points have otherwise, in the words in which it was asked: `rank` is `8`. */
  settings: z.record(z.string(), z.string()),
  request: trainRequestSchema.omit({ seed: true, splitSeed: true }),
})

/** What is left out in turn: a task, a corpus or a family. */
export const leaveOutSchema = z.enum(['tasks', 'corpora', 'families'])
export type LeaveOut = z.infer<typeof leaveOutSchema>

/** Which units the tasks have, each with the names that hold it out. */
export const leftOutUnitsRequestSchema = z.strictObject({
  tasks: z.array(z.string().min(1)).min(1),
  by: leaveOutSchema,
})
export type LeftOutUnitsRequest = z.infer<typeof leftOutUnitsRequestSchema>
export const leftOutUnitSchema = z.strictObject({ name: z.string(), unseen: z.array(z.string()).min(1) })
export type LeftOutUnit = z.infer<typeof leftOutUnitSchema>

/** Every point with every seed and split seed, each an ordinary run. */
export const sweepRequestSchema = z.strictObject({
  points: z.array(sweepPointSchema).min(1),
  seeds: z.array(seedSchema).min(1),
  /** Empty: each seed draws its own hold-out, as where a run names no split seed. */
  splitSeeds: z.array(seedSchema).default([]),
  /** Each point leaves out one of these. */
  leaveOut: leaveOutSchema.optional(),
})
export type SweepRequest = z.input<typeof sweepRequestSchema>
export type ReadSweepRequest = z.output<typeof sweepRequestSchema>

/** Over runs. */
const spreadSchema = z.strictObject({
  n: z.number().int(),
  mean: z.number(),
  /** Sample standard deviation, n − 1; null for one run. */
  sd: z.number().nullable(),
})

const sweepRowSchema = z.strictObject({
  /** Place among the points. */
  point: z.number().int(),
  /** Runs of the point that have this table. */
  n: z.number().int(),
  /** In the order of the ladder; of each measure the mean over tasks, spread over runs. */
  systems: z.array(systemNameSchema.extend({ measures: z.record(z.string(), spreadSchema) })),
  /** By measure how far the system that a run is for leads the best control of its own table, and which controls these were. */
  leads: z.record(
    z.string(),
    spreadSchema.extend({ system: systemNameSchema, controls: z.array(z.string()) }),
  ),
})
export type SweepRow = z.infer<typeof sweepRowSchema>

export const sweepTableSchema = z.strictObject({
  cards: cardsSchema,
  examples: z.number().int(),
  rows: z.array(sweepRowSchema),
})
export type SweepTable = z.infer<typeof sweepTableSchema>

/** Over the units that were left out in turn, each once. */
const overUnitsSchema = z.strictObject({
  units: z.number().int(),
  /** Above 0. */
  won: z.number().int(),
  mean: z.number(),
  /** 95 %, Student's; null for one unit. */
  low: z.number().nullable(),
  high: z.number().nullable(),
})
const leftOutSchema = z.strictObject({
  cards: cardsSchema,
  examples: z.number().int(),
  measure: z.string(),
  /** Over the best control of each run's own table, and over frozen. */
  lead: overUnitsSchema,
  gain: overUnitsSchema,
})
export type LeftOut = z.infer<typeof leftOutSchema>

/** A sweep as its runs stand now. */
export const sweepSchema = z.strictObject({
  version: z.literal(1),
  /** sha256 of what it asks: the same runs in whatever order are the same sweep. */
  id: z.string(),
  /** Runs that it asks for, and those of them that are done. */
  asked: z.number().int(),
  done: z.number().int(),
  points: z.array(
    z.strictObject({
      settings: z.record(z.string(), z.string()),
      runs: z.array(
        z.strictObject({
          seed: z.number().int(),
          splitSeed: z.number().int(),
          /** Null: not made yet. */
          run: runSummarySchema.pick({ id: true, state: true, reason: true, tasks: true }).nullable(),
        }),
      ),
    }),
  ),
  /** Of the runs that are done. */
  tables: z.array(sweepTableSchema),
  /** Where one unit after the other was left out. */
  leftOut: z.array(leftOutSchema).optional(),
})
export type Sweep = z.infer<typeof sweepSchema>
