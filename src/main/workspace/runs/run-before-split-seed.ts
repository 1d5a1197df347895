import { z } from 'zod'

/** What tells run.json of 0.2.0 and before: it names no split seed. */
const earlierSchema = z.looseObject({
  kind: z.string(),
  title: z.string(),
  request: z.looseObject({
    seed: z.number().default(1),
    holdOut: z.string().default('strict'),
    splitSeed: z.undefined().optional(),
  }),
})

/**
 * run.json, that of an earlier version as it would be written today: its one seed drew the hold-out too, and what it calls strict
 * is `one-way` since strict looks both ways. The split itself is as recorded (load-run-tasks.ts).
 */
export function withSplitSeed(stored: unknown): unknown {
  const { success, data } = earlierSchema.safeParse(stored)
  if (!success) return stored
  const { kind, title, request } = data
  const wasStrict = request.holdOut === 'strict'
  return {
    ...data,
    // A demo's title was made from the rule.
    title: kind === 'demo' && wasStrict ? title.replace('strict', 'one-way') : title,
    request: { ...request, holdOut: wasStrict ? 'one-way' : request.holdOut, splitSeed: request.seed },
  }
}
