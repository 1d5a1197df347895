import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { DEFAULT_ENCODER } from './default-encoder'
import { ERROR_CODES } from './errors'
import { auditRequestSchema, auditSchema } from './schemas/audit'
import { cardChoiceSchema, cardSchema } from './schemas/card'
import {
  comparisonRequestSchema,
  comparisonSchema,
  importedRunSchema,
  reportRequestSchema,
} from './schemas/comparison'
import { datasetSchema, importRequestSchema, taskSummarySchema } from './schemas/dataset'
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
import { recipeSchema, runSchema, trainRequestSchema } from './schemas/run'
import { doctorSchema } from './schemas/system'
import { cardsSchema, taskScoreSchema, verdictSchema } from './schemas/verdict'

/**
 * The one contract between engine and people: the renderer, the web host and the command line all speak it.
 * A failure travels as the oRPC error `HYDRA` whose data is a SerializedError of the catalogue.
 */
const base = oc.errors({
  HYDRA: {
    data: z.object({
      code: z.enum(Object.keys(ERROR_CODES) as [keyof typeof ERROR_CODES, ...(keyof typeof ERROR_CODES)[]]),
      expected: z.string(),
      got: z.string(),
      remedy: z.string(),
      where: z.string().optional(),
    }),
  },
})
const id = z.strictObject({ id: z.string().min(1) })
const jobStarted = z.strictObject({ job: z.string(), runs: z.array(z.string()) })

export const contract = {
  system: {
    doctor: base.output(doctorSchema),
  },
  datasets: {
    list: base.output(z.array(datasetSchema)),
    show: base.input(id).output(datasetSchema.extend({ tasks: z.array(taskSummarySchema) })),
    import: base.input(importRequestSchema).output(jobStarted),
    /** Asks the protocol linter: every rule, or the quick ones. */
    lint: base.input(lintRequestSchema).output(jobStarted),
    /** What it said when it was last asked. */
    lintReport: base.input(id).output(lintReportSchema),
  },
  cards: {
    /** Cards written by people (`cards/*.json`) and the templates that ship with the workbench. */
    list: base.output(
      z.array(z.strictObject({ card: cardSchema, origin: z.enum(['workspace', 'template']) })),
    ),
    show: base.input(id).output(cardSchema),
    validate: base.input(z.strictObject({ file: z.string() })).output(cardSchema),
    /** Writes a card into the workspace; one of that id is replaced only where it is said. */
    save: base
      .input(z.strictObject({ card: cardSchema, replace: z.boolean().default(false) }))
      .output(z.strictObject({ card: cardSchema, file: z.string() })),
  },
  jobs: {
    list: base.output(z.array(jobSchema)),
    show: base.input(id).output(jobSchema),
    cancel: base.input(id).output(jobSchema),
    /** Stops a training so that it can be resumed; answers when it has stopped. */
    pause: base.input(id).output(jobSchema),
    /** Everything that has happened in the job, then what happens, until it ends. */
    watch: base.input(id).output(eventIterator(jobEventSchema)),
    /** A job's record each time any job changes (at most 4 times a second each), without end. */
    changes: base.output(eventIterator(jobSchema)),
  },
  runs: {
    list: base.output(z.array(runSchema)),
    show: base.input(id).output(runSchema),
    /** Pauses or cancels a run wherever it runs, in another process too; answers when it has stopped. */
    pause: base.input(id).output(runSchema),
    cancel: base.input(id).output(runSchema),
    /** Goes on with a run that was paused, interrupted or failed, from its last saved state. */
    resume: base.input(id).output(jobStarted),
    /** Events kept in the run folder: the curves of a finished run. */
    events: base.input(id).output(z.array(jobEventSchema)),
    verdict: base.input(id).output(verdictSchema.nullable()),
    /** Per-task scores of one row, from the run folder. */
    tasks: base
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
    list: base.output(z.array(registrySchema)),
  },
  training: {
    /** The whole recipe that a request for this many trained tasks would get, or the error that starting it would meet. */
    recipe: base
      .input(
        trainRequestSchema
          .pick({ preset: true, steps: true, overrides: true, encoder: true })
          .extend({ tasks: z.number().int().min(1) }),
      )
      .output(recipeSchema),
    start: base.input(trainRequestSchema).output(jobStarted),
    demo: base
      .input(z.strictObject({ seed: z.number().int().default(1), steps: z.number().int().optional() }))
      .output(jobStarted),
  },
  evaluation: {
    /** Score a finished run again, or `frozen` on the tasks given; `all` is every imported collection with a test split and one card. */
    start: base
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
            /** Beside the headline ones, in ir_measures' words. */
            measures: z.array(z.string()).default([]),
          }),
        ]),
      )
      .output(jobStarted),
  },
  reporting: {
    /** Rows of one run, or of several on the same queries, with every pair tested. */
    compare: base.input(comparisonRequestSchema).output(comparisonSchema),
    /** Anybody's TREC run file as a row of a finished run, scored on its queries. */
    importRun: base
      .input(z.strictObject({ run: z.string(), file: z.string().min(1), name: z.string().min(1) }))
      .output(importedRunSchema),
    /** A comparison as a page that opens from disk, or results in MTEB's format. */
    write: base
      .input(reportRequestSchema)
      .output(z.strictObject({ files: z.array(z.string()), bytes: z.number() })),
  },
  playground: {
    /** One query under several arms side by side, with what is judged marked. */
    rank: base.input(playgroundRequestSchema).output(playgroundResultSchema),
    /** Why one document stands where it does: its score split, and the card with each part left out. */
    explain: base.input(explainRequestSchema).output(explanationSchema),
    /** A task's card as the engine reads it, and judged queries to try. */
    task: base
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
    head: base
      .input(
        z.strictObject({
          run: z.string(),
          choice: cardChoiceSchema,
          dataset: z.string().optional(),
          format: z.literal('safetensors').default('safetensors'),
          out: z.string().optional(),
        }),
      )
      .output(z.strictObject({ file: z.string(), bytes: z.number(), parity: z.number() })),
    /** Text lines through an exported head, as a NumPy file [n, d]. `parity`: greatest difference to the engine where the head's run is in the workspace. */
    apply: base.input(z.strictObject({ head: z.string(), texts: z.string(), out: z.string() })).output(
      z.strictObject({
        file: z.string(),
        rows: z.number(),
        columns: z.number(),
        parity: z.number().nullable(),
      }),
    ),
  },
  models: {
    list: base.output(z.array(modelSchema)),
    show: base.input(id).output(modelSchema),
    /** Brings a model from a folder, a zip or the hub, checks it and puts it under models/ of the workspace. */
    add: base.input(addModelSchema).output(jobStarted.extend({ model: z.string() })),
    /** `runs`: those that were made with it, which cannot be searched until it is back. */
    remove: base.input(id).output(z.strictObject({ model: modelSchema, runs: z.array(z.string()) })),
  },
  teachers: {
    /** Who can say which documents are better. */
    list: base.output(
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
    audit: base.input(auditRequestSchema).output(jobStarted.extend({ audit: z.string() })),
    audits: base.output(z.array(auditSchema)),
    show: base.input(id).output(auditSchema),
  },
}

export type Contract = typeof contract
