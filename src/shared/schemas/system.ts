import { z } from 'zod'
import { modelSchema } from './model'

/** Why a backend cannot be used here. */
const refusalCodeSchema = z.enum([
  'not-installed',
  /** ONNX Runtime has none of it in the build for this platform. */
  'other-platform',
  /** Its package is there; a library of the system that this needs is not, or is another one. */
  'no-library',
  /** Nothing that it could compute on. */
  'no-adapter',
  /** What it would compute on is software, slower than this process. */
  'software-adapter',
  /** It computes something else than is known. */
  'self-check-failed',
  'device-lost',
  'out-of-memory',
  /** The process that tried it ended, or gave no answer. */
  'crashed',
  'does-not-start',
])
export type RefusalCode = z.infer<typeof refusalCodeSchema>
export const backendRefusalSchema = z.strictObject({ code: refusalCodeSchema, detail: z.string() })
export type BackendRefusal = z.infer<typeof backendRefusalSchema>

const backendReportSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  found: z.boolean(),
  /** Why it is or is not usable. */
  reason: z.string(),
  /** Null where it is usable. */
  refusal: refusalCodeSchema.nullable(),
  /** The one command that would add it. */
  command: z.string().nullable(),
  /** As measured of one network by itself; null: not measured, or not usable. */
  millisecondsPerStep: z.number().nullable(),
  chosen: z.boolean(),
})
export type BackendReport = z.infer<typeof backendReportSchema>

/** What an encoder can run on, as backendReportSchema. */
const providerReportSchema = backendReportSchema.omit({ chosen: true, millisecondsPerStep: true }).extend({
  /** Of the encoder that comes with the workbench, on the texts of its check; null: not measured. */
  textsPerSecond: z.number().nullable(),
  /** Texts at once, the fastest of what was tried. */
  rows: z.number().int().nullable(),
  /** Least cosine of a vector with what the processor gives. */
  cosine: z.number().nullable(),
})
export type ProviderReport = z.infer<typeof providerReportSchema>

/** Of which configuration milliseconds a step are, in words, and when they were last measured. */
const measuredOfSchema = z.strictObject({ configuration: z.string(), at: z.string() })

export const measuredBackendsSchema = z.strictObject({
  backends: z.array(backendReportSchema),
  /** Null: nothing was measured. */
  measured: measuredOfSchema.nullable(),
})
export type MeasuredBackends = z.infer<typeof measuredBackendsSchema>

export const doctorSchema = measuredBackendsSchema.extend({
  version: z.string(),
  host: z.string(),
  workspace: z.string(),
  machine: z.strictObject({
    cpu: z.string(),
    cores: z.number(),
    memoryBytes: z.number(),
    platform: z.string(),
    node: z.string(),
  }),
  providers: z.array(providerReportSchema),
  encoder: z.strictObject({ id: z.string(), ok: z.boolean(), detail: z.string(), bytes: z.number() }),
  /** Every model that can be named; null of one whose graph nothing runs here, as a table or a service. */
  models: z.array(modelSchema.pick({ id: true, use: true, runner: true, problem: true })),
  /** Keys that encoders of the workspace name, and where each comes from; null: from nowhere. */
  keys: z.array(z.strictObject({ name: z.string(), from: z.enum(['environment', 'keychain']).nullable() })),
  cache: z.strictObject({ vectorBytes: z.number(), files: z.number() }),
  /** Runs that a crash cut off, and what was lost. */
  recovered: z.array(z.string()),
})
export const cacheSchema = z.strictObject({
  /** Folder below `cache/`. */
  id: z.string(),
  /** `vectors`: of the texts that an encoder has seen; `nearest`: mean vectors of the documents nearest to a card; `scores`: of cross-encoders and teachers; `queries`: that models wrote of documents. */
  kind: z.enum(['vectors', 'nearest', 'scores', 'queries']),
  /** Encoder, collection, teachers or generators whose they are. */
  of: z.string(),
  bytes: z.number(),
  files: z.number().int(),
  /** Texts that would be encoded again; null where it is not texts. */
  texts: z.number().int().nullable(),
})
export type CacheRecord = z.infer<typeof cacheSchema>

export const logLineSchema = z.strictObject({
  /** Milliseconds since the epoch. */
  at: z.number(),
  level: z.enum(['info', 'warning', 'error']),
  message: z.string(),
})
export type HostLogLine = z.infer<typeof logLineSchema>

export type DoctorReport = z.infer<typeof doctorSchema>
