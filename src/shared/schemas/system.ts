import { z } from 'zod'

const backendReportSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  found: z.boolean(),
  /** Why it is or is not usable. */
  reason: z.string(),
  /** The one command that would add it. */
  command: z.string().nullable(),
  chosen: z.boolean(),
})
export type BackendReport = z.infer<typeof backendReportSchema>

export const doctorSchema = z.strictObject({
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
  backends: z.array(backendReportSchema),
  encoder: z.strictObject({ id: z.string(), ok: z.boolean(), detail: z.string(), bytes: z.number() }),
  cache: z.strictObject({ vectorBytes: z.number(), files: z.number() }),
  /** Runs that a crash cut off, and what was lost. */
  recovered: z.array(z.string()),
})
export type DoctorReport = z.infer<typeof doctorSchema>
