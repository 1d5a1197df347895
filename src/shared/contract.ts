import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { DEFAULT_ENCODER } from './default-encoder'
import { ERROR_CODES } from './errors'
import { USUAL_NORMALISATION } from './normalisation'
import { auditRequestSchema, auditSchema } from './schemas/audit'
import { cardSchema } from './schemas/card'
import {
  comparisonRequestSchema,
  comparisonSchema,
  importedRunSchema,
  reportRequestSchema,
  writtenReportSchema,
} from './schemas/comparison'
import { datasetSchema, importRequestSchema, taskSummarySchema } from './schemas/dataset'
import { exportedSchema, exportRequestSchema } from './schemas/exporting'
import { jobEventSchema, jobSchema } from './schemas/job'
import { lintReportSchema, lintRequestSchema } from './schemas/lint'
import { addModelSchema, modelSchema } from './schemas/model'
import {
  explainRequestSchema,
  explanationSchema,
  playgroundRequestSchema,
  playgroundResultSchema,
  playgroundTaskSchema,
} from './schemas/playground'
import { registrySchema } from './schemas/registry'
import { normalisationSchema, recipeSchema, runSchema, trainRequestSchema } from './schemas/run'
import { doctorSchema } from './schemas/system'
import { cardsSchema, taskScoreSchema, verdictSchema } from './schemas/verdict'

/** Of the errors of every procedure: a SerializedError of the catalogue. */
const base = oc.errors({
  HYDRA: {
    data: z.object({
      code: z.enum(Object.keys(ERROR_CODES) as [keyof typeof ERROR_CODES, ...(keyof typeof ERROR_CODES)[]]),
      expected: z.string(),
      got: z.string(),
      remedy: z.string(),
      command: z.string().optional(),
      where: z.string().optional(),
    }),
  },
})
/** Leaves everything as it was. */
const reads = base.$meta<Stated<'reads'>>({ effect: 'reads' })
/** Changes something, and asking twice is as asking once: the same is left behind and answered. */
const idempotent = base.$meta<Stated<'idempotent'>>({ effect: 'idempotent' })
/** Starts or changes something: asked again it would do so again, or fail because it is done. */
const changes = base.$meta<Stated<'changes'>>({ effect: 'changes' })

/** What calling a procedure does to the workspace; stated by the builder that it begins with, as oRPC's metadata. */
export type Effect = 'reads' | 'idempotent' | 'changes'
type Stated<Kind extends Effect> = { readonly effect: Kind }

const id = z.strictObject({ id: z.string().min(1) })
const jobStarted = z.strictObject({ job: z.string(), runs: z.array(z.string()) })

/**
 * The one contract between engine and people: the renderer, the web host and the command line all speak it.
 * A failure travels as the oRPC error `HYDRA`.
 */
export const contract = {
  system: {
    doctor: reads.output(doctorSchema),
    /** The folder of the workspace: what the window keeps its drafts by. */
    workspace: reads.output(z.strictObject({ folder: z.string() })),
  },
  datasets: {
    list: reads.output(z.array(datasetSchema)),
    show: reads.input(id).output(datasetSchema.extend({ tasks: z.array(taskSummarySchema) })),
    import: changes.input(importRequestSchema).output(jobStarted),
    /** Asks the protocol linter: every rule, or the quick ones. */
    lint: changes.input(lintRequestSchema).output(jobStarted),
    /** What it said when it was last asked. */
    lintReport: reads.input(id).output(lintReportSchema),
  },
  cards: {
    /** Cards written by people (`cards/*.json`) and the templates that ship with the workbench. */
    list: reads.output(
      z.array(z.strictObject({ card: cardSchema, origin: z.enum(['workspace', 'template']) })),
    ),
    show: reads.input(id).output(cardSchema),
    validate: reads.input(z.strictObject({ file: z.string() })).output(cardSchema),
    /** Writes a card into the workspace; one of that id is replaced only where it is said. */
    save: changes
      .input(z.strictObject({ card: cardSchema, replace: z.boolean().default(false) }))
      .output(z.strictObject({ card: cardSchema, file: z.string() })),
  },
  jobs: {
    list: reads.output(z.array(jobSchema)),
    show: reads.input(id).output(jobSchema),
    cancel: idempotent.input(id).output(jobSchema),
    /** Stops a training so that it can be resumed; answers when it has stopped. */
    pause: idempotent.input(id).output(jobSchema),
    /** Everything that has happened in the job, then what happens, until it ends. */
    watch: reads.input(id).output(eventIterator(jobEventSchema)),
    /** A job's record each time any job changes (at most 4 times a second each), without end. */
    changes: reads.output(eventIterator(jobSchema)),
  },
  runs: {
    list: reads.output(z.array(runSchema)),
    show: reads.input(id).output(runSchema),
    /** Pauses or cancels a run wherever it runs, in another process too; answers when it has stopped. */
    pause: changes.input(id).output(runSchema),
    cancel: changes.input(id).output(runSchema),
    /** Goes on with a run that was paused, interrupted or failed, from its last saved state. */
    resume: changes.input(id).output(jobStarted),
    /** Events kept in the run folder: the curves of a finished run. */
    events: reads.input(id).output(z.array(jobEventSchema)),
    verdict: reads.input(id).output(verdictSchema.nullable()),
    /** Per-task scores of one row, from the run folder. */
    tasks: reads
      .input(
        z.strictObject({
          id: z.string(),
          row: z.string(),
          cards: cardsSchema,
          examples: z.number().int(),
        }),
      )
      .output(z.record(z.string(), taskScoreSchema)),
  },
  registries: {
    /** Every choice that there is, with its options: teachers, heads, losses, presets, settings … */
    list: reads.output(z.array(registrySchema)),
  },
  training: {
    /** The whole recipe that a request for this many trained tasks would get, or the error that starting it would meet. */
    recipe: reads
      .input(
        trainRequestSchema
          .pick({ preset: true, steps: true, overrides: true, encoder: true })
          .extend({ tasks: z.number().int().min(1) }),
      )
      .output(recipeSchema),
    start: changes.input(trainRequestSchema).output(jobStarted),
    demo: changes
      .input(trainRequestSchema.pick({ seed: true, splitSeed: true, steps: true }))
      .output(jobStarted),
  },
  evaluation: {
    /** Score a finished run again, or `frozen` on the tasks given; `all` is every imported collection with a test split and one card. */
    start: changes
      .input(
        z.union([
          z.strictObject({ run: z.string(), measures: z.array(z.string()).default([]) }),
          z.strictObject({
            frozen: z.literal(true),
            tasks: z.array(z.string()).min(1),
            rows: z.array(z.string()).default([]),
            /** Whose queries are scored. */
            split: z.enum(['test', 'dev']).default('test'),
            encoder: z.string().default(DEFAULT_ENCODER),
            seed: z.number().int().default(1),
            normalisation: normalisationSchema.default(USUAL_NORMALISATION),
            /** Beside the headline ones, in ir_measures' words. */
            measures: z.array(z.string()).default([]),
          }),
        ]),
      )
      .output(jobStarted),
  },
  reporting: {
    /** Rows of one run, or of several on the same queries, with every pair tested. */
    compare: reads.input(comparisonRequestSchema).output(comparisonSchema),
    /** Anybody's TREC run file as a row of a finished run, scored on its queries. */
    importRun: idempotent
      .input(z.strictObject({ run: z.string(), file: z.string().min(1), name: z.string().min(1) }))
      .output(importedRunSchema),
    /** A comparison as a page that opens from disk, or results in MTEB's format. */
    write: idempotent.input(reportRequestSchema).output(writtenReportSchema),
  },
  playground: {
    /** One query under several systems side by side, with what is judged marked. */
    rank: reads.input(playgroundRequestSchema).output(playgroundResultSchema),
    /** Why one document stands where it does: its score split, and the card with each part left out. */
    explain: reads.input(explainRequestSchema).output(explanationSchema),
    /** A task's card as the engine reads it, and judged queries to try. */
    task: reads
      .input(
        z.strictObject({
          run: z.string(),
          dataset: z.string(),
          task: z.string(),
          most: z.number().int().min(1).max(100).default(6),
        }),
      )
      .output(playgroundTaskSchema),
  },
  exporting: {
    /** A card's head in a format of the registry of exporters, with a README and a certificate of what was run to prove it. */
    head: idempotent.input(exportRequestSchema).output(exportedSchema),
    /** Text lines through an exported head, as a NumPy file [n, d]. `parity`: greatest difference to the engine where the head's run is in the workspace. */
    apply: idempotent.input(z.strictObject({ head: z.string(), texts: z.string(), out: z.string() })).output(
      z.strictObject({
        file: z.string(),
        rows: z.number(),
        columns: z.number(),
        parity: z.number().nullable(),
      }),
    ),
  },
  models: {
    list: reads.output(z.array(modelSchema)),
    show: reads.input(id).output(modelSchema),
    /** Brings a model from a folder, a zip or the hub, checks it and puts it under models/ of the workspace. */
    add: changes.input(addModelSchema).output(jobStarted.extend({ model: z.string() })),
    /** `runs`: those that were made with it, which cannot be searched until it is back. */
    remove: changes.input(id).output(z.strictObject({ model: modelSchema, runs: z.array(z.string()) })),
  },
  teachers: {
    /** Who can say which documents are better. */
    list: reads.output(
      z.array(
        z.strictObject({
          name: z.string(),
          title: z.string(),
          summary: z.string(),
          citation: z.string(),
          /** Whether it can order documents for any query: only such a teacher can be audited. */
          anyQuery: z.boolean(),
        }),
      ),
    ),
    /** How good teachers are on the dev queries of tasks: written to audits/<id>.json. */
    audit: changes.input(auditRequestSchema).output(jobStarted.extend({ audit: z.string() })),
    audits: reads.output(z.array(auditSchema)),
    show: reads.input(id).output(auditSchema),
  },
}

export type Contract = typeof contract
