import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { DEFAULT_ENCODER } from './default-encoder'
import { ERROR_CODES } from './errors'
import { USUAL_NORMALISATION } from './normalisation'
import { auditExampleTextsSchema, auditRequestSchema, auditSchema } from './schemas/audit'
import {
  cardFormatSchema,
  cardIssueSchema,
  cardTokensRequestSchema,
  cardTokensSchema,
  cardVersionSchema,
  drawExamplesSchema,
  drawnExamplesSchema,
  lintCardSchema,
  nearestCardsRequestSchema,
  nearestCardsSchema,
} from './schemas/authoring'
import {
  datasetStatisticsSchema,
  textRequestSchema,
  textSearchRequestSchema,
  textSearchSchema,
  textsRequestSchema,
  textsSchema,
  wholeTextSchema,
} from './schemas/browsing'
import { cardSchema } from './schemas/card'
import {
  comparisonRequestSchema,
  comparisonSchema,
  differingSettingSchema,
  importedRunSchema,
  publishedFigureSchema,
  reportRequestSchema,
  writtenReportSchema,
} from './schemas/comparison'
import {
  datasetSchema,
  findingSchema,
  importPlanRequestSchema,
  importPlanSchema,
  importRequestSchema,
  taskSummarySchema,
} from './schemas/dataset'
import {
  compilerRequestSchema,
  exportedHeadSchema,
  exportedSchema,
  exportRequestSchema,
  headNameSchema,
  headSearchSchema,
} from './schemas/exporting/exported-head'
import {
  generatedQueriesSchema,
  generateRequestSchema,
  suggestingSchema,
  suggestQueriesSchema,
} from './schemas/generated-queries'
import {
  indexAnswerSchema,
  indexNameSchema,
  indexSearchRequestSchema,
  indexStatusSchema,
  pushRequestSchema,
} from './schemas/indexes'
import { jobEventSchema, jobSchema } from './schemas/job'
import { lintReportSchema, lintRequestSchema } from './schemas/lint'
import { addModelSchema, modelSchema, remoteCostSchema } from './schemas/model'
import {
  explainRequestSchema,
  explanationSchema,
  playgroundRequestSchema,
  playgroundResultSchema,
  playgroundTaskSchema,
  preparationSchema,
  suggestedCardsSchema,
  suggestRequestSchema,
} from './schemas/playground'
import {
  queryComparisonRequestSchema,
  queryComparisonSchema,
  queryRankingsRequestSchema,
  queryRankingsSchema,
} from './schemas/query-comparison'
import { registrySchema } from './schemas/registry'
import { normalisationSchema, recipeSchema, runSchema, trainRequestSchema } from './schemas/run'
import {
  annotateRequestSchema,
  annotationsSchema,
  deletedRunSchema,
  runsRequestSchema,
} from './schemas/runs/annotations'
import { claimStateSchema } from './schemas/runs/claims'
import { costEstimateSchema, taskSplitSchema } from './schemas/runs/plan'
import { reproductionRequestSchema, reproductionSchema } from './schemas/runs/reproduction'
import { runChangeSchema } from './schemas/runs/run-summary'
import {
  leftOutUnitSchema,
  leftOutUnitsRequestSchema,
  sweepRequestSchema,
  sweepSchema,
} from './schemas/runs/sweep'
import { curvesRequestSchema, curvesSchema } from './schemas/runs/training-curves'
import { cacheSchema, doctorSchema, logLineSchema, measuredBackendsSchema } from './schemas/system'
import { cardVariantsRequestSchema, cardVariantsSchema } from './schemas/tables/card-variants'
import { examplesCurveSchema } from './schemas/tables/examples-curve'
import { taskMatrixRequestSchema, taskMatrixSchema } from './schemas/tables/task-matrix'
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
const ofRun = z.strictObject({ run: z.string().min(1) })
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
    /** Workspaces that were opened on this machine, the last one first; null where the host has a menu for it. */
    recentWorkspaces: reads.output(z.array(z.string()).nullable()),
    /** Opens another workspace, or makes a new one, beside this one; answers its address, with its key. */
    openWorkspace: idempotent
      .input(z.strictObject({ folder: z.string().trim().min(1) }))
      .output(z.strictObject({ url: z.string() })),
    /** What the workspace keeps so that it is not computed again, with its size. */
    caches: reads.output(z.array(cacheSchema)),
    /** Deletes caches; refused while a job runs or waits. */
    clearCaches: idempotent
      .input(z.strictObject({ ids: z.array(z.string().min(1)).min(1) }))
      .output(z.strictObject({ bytes: z.number() })),
    /** What the host has said since it was started, the last lines of it, oldest first. */
    log: reads.output(z.array(logLineSchema)),
  },
  datasets: {
    list: reads.output(z.array(datasetSchema)),
    show: reads.input(id).output(datasetSchema.extend({ tasks: z.array(taskSummarySchema) })),
    /** The id of each dataset that is deleted or brought back, without end; imports are jobs. */
    changes: reads.output(eventIterator(z.string())),
    /** Which id an import would give, and what stands there already. */
    planImport: reads.input(importPlanRequestSchema).output(importPlanSchema),
    import: changes.input(importRequestSchema).output(jobStarted),
    /** Takes a dataset out of the workspace; `runs`: those made with it. It can be brought back until the workspace is closed. */
    delete: changes.input(id).output(z.strictObject({ dataset: datasetSchema, runs: z.array(z.string()) })),
    /** Brings back what was deleted. */
    restore: idempotent.input(id).output(datasetSchema),
    /** A window on its documents or queries, of a million too. */
    texts: reads.input(textsRequestSchema).output(textsSchema),
    /** One document or query, whole, with its judgments. */
    text: reads.input(textRequestSchema).output(wholeTextSchema),
    /** Documents or queries that say some words, as far as a moment reaches: ask on from `next`. */
    search: reads.input(textSearchRequestSchema).output(textSearchSchema),
    /** How long its texts are. */
    statistics: reads.input(id).output(datasetStatisticsSchema),
    /** Asks the protocol linter: every rule, or the quick ones. */
    lint: changes.input(lintRequestSchema).output(jobStarted),
    /** What it said when it was last asked. */
    lintReport: reads.input(id).output(lintReportSchema),
    /** Has a model write queries of a dataset, to be looked at: written to datasets/<id>/generated.json. */
    generate: changes.input(generateRequestSchema).output(jobStarted),
    /** Those that were last written. */
    generated: reads.input(id).output(generatedQueriesSchema),
  },
  cards: {
    /** Cards written by people (`cards/*.json`) and the templates that ship with the workbench. */
    list: reads.output(
      z.array(z.strictObject({ card: cardSchema, origin: z.enum(['workspace', 'template']) })),
    ),
    show: reads.input(id).output(cardSchema),
    /** A card file, JSON or YAML front matter. */
    validate: reads.input(z.strictObject({ file: z.string() })).output(cardSchema),
    /** The same of a text. */
    parse: reads.input(z.strictObject({ text: z.string() })).output(cardSchema),
    format: reads
      .input(z.strictObject({ card: cardSchema, format: cardFormatSchema }))
      .output(z.strictObject({ text: z.string() })),
    /** What of a card that is still written does not fit; empty: it can be saved. */
    check: reads.input(z.strictObject({ card: z.unknown() })).output(z.array(cardIssueSchema)),
    /** Writes a card into the workspace; one of that id is replaced only where it is said, and kept as a version. */
    save: changes
      .input(z.strictObject({ card: cardSchema, replace: z.boolean().default(false) }))
      .output(z.strictObject({ card: cardSchema, file: z.string() })),
    /** Deletes a card of the workspace; it is kept as a version, by which `restore` brings it back. */
    remove: changes.input(id).output(z.strictObject({ version: z.string() })),
    /** Versions of a card that were replaced or deleted, newest first. */
    history: reads.input(id).output(z.array(cardVersionSchema)),
    restore: changes.input(z.strictObject({ id: z.string(), version: z.string() })).output(cardSchema),
    /** The id of a card each time one is saved, deleted or restored, without end. */
    changes: reads.output(eventIterator(z.strictObject({ id: z.string() }))),
    /** Examples of a task to show on a card: of its train split, and never of another. */
    draw: reads.input(drawExamplesSchema).output(drawnExamplesSchema),
    /** Examples that a model writes, to be read by a person: nothing keeps them. */
    suggest: reads.input(suggestQueriesSchema).output(eventIterator(suggestingSchema)),
    /** What the encoder sees of a card. */
    tokens: reads.input(cardTokensRequestSchema).output(cardTokensSchema),
    /** What of a card would make a score on a task wrong or doubtful. */
    lint: reads.input(lintCardSchema).output(z.array(findingSchema)),
    /** The trained cards that a card is nearest to, and whether it is unlike them all. */
    nearest: reads.input(nearestCardsRequestSchema).output(nearestCardsSchema),
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
    /** `annotations`: what a person wrote about the run; its own title stays beside the name. */
    list: reads.output(z.array(runSchema.extend({ annotations: annotationsSchema }))),
    show: reads.input(id).output(runSchema),
    /** The runs as lists show them: all in portions, newest first, then `whole`; after it what changes and goes, without end. */
    watch: reads.output(eventIterator(runChangeSchema)),
    /** Name, tags, notes, and whether lists leave the run out. Needs no lock: it works beside any writer. */
    annotate: idempotent
      .input(annotateRequestSchema)
      .output(z.array(z.strictObject({ id: z.string(), annotations: annotationsSchema }))),
    /** Puts runs aside for a day; all of them or, where one may not be deleted, none. */
    delete: idempotent.input(runsRequestSchema).output(z.array(deletedRunSchema)),
    restore: idempotent.input(runsRequestSchema).output(runsRequestSchema),
    /** Those that can be restored, the last deleted first. */
    deleted: reads.output(z.array(deletedRunSchema)),
    /** Deletes for good what was deleted. */
    emptyDeleted: idempotent.output(z.strictObject({ runs: z.number().int() })),
    /** Pauses or cancels a run wherever it runs, in another process too; answers when it has stopped. */
    pause: changes.input(id).output(runSchema),
    cancel: changes.input(id).output(runSchema),
    /** Goes on with a run that was paused, interrupted or failed, from its last saved state. */
    resume: changes.input(id).output(jobStarted),
    /** Events kept in the run folder: the curves of a finished run. */
    events: reads.input(id).output(z.array(jobEventSchema)),
    /** One quantity of its trained systems over their training, as columns: what charts draw of long trainings. */
    curves: reads.input(curvesRequestSchema).output(curvesSchema),
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
    /** How the tasks would be split, or the error that starting it would meet. */
    split: reads.input(trainRequestSchema).output(taskSplitSchema),
    /** What it would take on this machine, from what was measured on it. */
    estimate: reads.input(trainRequestSchema).output(costEstimateSchema),
    /** The short measurement that the estimate asks for where no run was like it; answers with the estimate then. */
    measure: idempotent.input(trainRequestSchema).output(costEstimateSchema),
    /** What it could be trained on here, with what was measured of its own configuration. */
    backends: reads.input(trainRequestSchema).output(measuredBackendsSchema),
    /** Some seconds of its steps on each backend that works, one after another. */
    measureBackends: idempotent.input(trainRequestSchema).output(measuredBackendsSchema),
    start: changes.input(trainRequestSchema).output(jobStarted),
    demo: changes
      .input(trainRequestSchema.pick({ seed: true, splitSeed: true, steps: true }))
      .output(jobStarted),
  },
  /** Options × seeds × split seeds: ordinary runs, found again by what they were asked. */
  sweeps: {
    /**
     * Makes the runs that are not there, and goes on with those that can go on, one after another or as many at once as `workers`
     * and the memory allow. Answers when the first is on its way; their jobs are among all others.
     */
    start: idempotent
      .input(sweepRequestSchema.extend({ workers: z.number().int().min(1).max(256).optional() }))
      .output(
        z.strictObject({
          id: z.string(),
          asked: z.number().int(),
          /** Before it began. */
          done: z.number().int(),
          workers: z.number().int(),
        }),
      ),
    /** Answers when nothing of it runs any more: all done, or paused, or stopped by the error that this throws. */
    ended: reads.input(id).output(z.strictObject({})),
    /** Pauses what runs and begins nothing more; answers when it has stopped. */
    pause: idempotent.input(id).output(z.strictObject({})),
    /** Its runs as they stand now, with what they give. */
    show: reads.input(sweepRequestSchema).output(sweepSchema),
    /** The tasks, corpora or families that a sweep could leave out in turn. */
    units: reads.input(leftOutUnitsRequestSchema).output(z.array(leftOutUnitSchema)),
  },
  reproductions: {
    /** Makes again what a run that is done was asked, as a new run. */
    start: changes.input(id).output(jobStarted),
    /** The figures that README and docs claim, each with what the runs of this workspace give for it. */
    claims: reads.output(z.array(claimStateSchema)),
    /** What of two runs of the same request agrees, line by line. */
    compare: reads.input(reproductionRequestSchema).output(reproductionSchema),
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
    /** Scores every card of a run on every task of it. */
    startMatrix: changes.input(taskMatrixRequestSchema).output(jobStarted),
    /** What that gave when it was last done; null: it was not, or on other data. */
    matrix: reads.input(taskMatrixRequestSchema).output(taskMatrixSchema.nullable()),
    /** Scores a run's cards with each part left out, or said otherwise. */
    startVariants: changes.input(cardVariantsRequestSchema).output(jobStarted),
    variants: reads.input(cardVariantsRequestSchema).output(cardVariantsSchema.nullable()),
    /** Scores a run with 0, 2, 4, 8 and 16 examples on its cards, on the same queries. */
    startCurve: changes.input(ofRun).output(jobStarted),
    curve: reads.input(ofRun).output(examplesCurveSchema.nullable()),
  },
  reporting: {
    /** Rows of one run, or of several on the same queries, with every pair tested. */
    compare: reads.input(comparisonRequestSchema).output(comparisonSchema),
    /** What differs in the configuration of runs, a value for each, whatever they were scored on. */
    differs: reads
      .input(z.strictObject({ runs: z.array(z.string().min(1)).min(2).max(26) }))
      .output(z.array(differingSettingSchema)),
    /** Wins, losses and ties of two systems query by query, of one run or of two, a window at a time. */
    queries: reads.input(queryComparisonRequestSchema).output(queryComparisonSchema),
    /** One query under two systems: both rankings with the texts and what is judged. */
    rankings: reads.input(queryRankingsRequestSchema).output(queryRankingsSchema),
    /** What is published for the frozen encoder on the run's collections, beside what it is here. */
    published: reads.input(id).output(z.array(publishedFigureSchema)),
    /** Anybody's TREC run file as a row of a finished run, scored on its queries. */
    importRun: idempotent
      .input(z.strictObject({ run: z.string(), file: z.string().min(1), name: z.string().min(1) }))
      .output(importedRunSchema),
    /** A comparison as the text of a page that opens from disk: what the window saves. */
    page: reads.input(comparisonRequestSchema).output(z.strictObject({ html: z.string() })),
    /** A comparison as a page that opens from disk, or results in MTEB's format. */
    write: idempotent.input(reportRequestSchema).output(writtenReportSchema),
  },
  playground: {
    /** One query under several systems side by side, with what is judged marked. */
    rank: reads.input(playgroundRequestSchema).output(playgroundResultSchema),
    /** Why one document stands where it does: its score split, and the card with each part left out. */
    explain: reads.input(explainRequestSchema).output(explanationSchema),
    /** Corpora that searches wait for, all of them each time one changes, without end. A search that is cancelled keeps what was encoded. */
    preparing: reads.output(eventIterator(z.array(preparationSchema))),
    /** Cards to begin with: never trained, and of those the ones that move a ranking most. */
    suggest: reads.input(suggestRequestSchema).output(suggestedCardsSchema),
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
    /** What makes heads of any card: the whole of a trained run for a service, likewise proved. */
    compiler: idempotent.input(compilerRequestSchema).output(exportedSchema),
    /** Heads in the folders of their runs, newest first. */
    heads: reads.output(z.array(exportedHeadSchema)),
    /** One query through a head as its file has it, over the corpus that it was made for, beside the frozen encoder. */
    search: reads
      .input(
        headNameSchema.extend({
          query: z.string().trim().min(1),
          k: z.number().int().min(1).max(100).default(10),
        }),
      )
      .output(headSearchSchema),
    /** Shows the file in its folder, on a desktop. */
    reveal: idempotent.input(headNameSchema).output(z.strictObject({})),
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
  /** Indexes of collections in engines that serve them; see the registry of indexes. */
  indexes: {
    /** Makes an index hold exactly the documents of a collection; what lies there already is not sent again. */
    push: changes.input(pushRequestSchema).output(jobStarted.extend({ index: indexNameSchema })),
    /** Those that this workspace has pushed. */
    list: reads.output(z.array(indexStatusSchema)),
    status: reads.input(indexNameSchema).output(indexStatusSchema),
    /** One query, frozen and through a head; the documents' vectors stay as they are. */
    search: reads.input(indexSearchRequestSchema).output(indexAnswerSchema),
    /** Deletes the index in its engine, and what this workspace knows of it. */
    drop: idempotent.input(indexNameSchema).output(z.strictObject({ name: z.string(), engine: z.string() })),
  },
  models: {
    list: reads.output(z.array(modelSchema)),
    show: reads.input(id).output(modelSchema),
    /** Brings a model from a folder, a zip or the hub, checks it and puts it under models/ of the workspace. */
    add: changes.input(addModelSchema).output(jobStarted.extend({ model: z.string() })),
    /**
     * What the documents and queries of datasets, or of those behind tasks, would take of the service that the encoder is; null: it is
     * none.
     */
    cost: reads
      .input(
        z.strictObject({
          encoder: z.string(),
          tasks: z.array(z.string()).optional(),
          datasets: z.array(z.string()).optional(),
        }),
      )
      .output(remoteCostSchema.nullable()),
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
    /** Queries of a task on which teachers order otherwise than the student, with the texts. */
    examples: reads
      .input(z.strictObject({ audit: z.string().min(1), task: z.string().min(1) }))
      .output(z.array(auditExampleTextsSchema)),
  },
}

export type Contract = typeof contract
