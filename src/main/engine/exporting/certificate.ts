import { z } from 'zod'
import { HydraError } from '../../../shared/errors'
import { greatestDifference } from '../hypernet/hypernetwork'
import { dot, type Matrix, row } from '../numeric/matrix'
import { type ExportMaterial, engineDocuments } from './export-material'
import type { ExportRun } from './formats/export-format'
import { handedOutSchema } from './head-file'
import { PROBE_SEED } from './probe-texts'

/** Above this an export is not the engine's head any more (docs/method.md#head). */
export const PARITY_BOUND = 1e-5
/** The engine's first documents of a probe, whose places are looked at. */
const RANKED = 10

const partSchema = z.strictObject({
  part: z.string(),
  /** What was run. */
  file: z.string(),
  /** Program and version that ran it. */
  by: z.string(),
  /** Greatest difference of one component of one vector, of queries and of documents where these are changed. */
  difference: z.number(),
  /** How far one of the engine's first 10 documents of a probe stands from its place, at most; null of a part that ranks nothing. */
  ranks: z.number().int().nullable(),
})
export type CertifiedPart = z.infer<typeof partSchema>

/** What the certificate of every export says. */
export const provedSchema = z.strictObject({
  version: z.literal(1),
  format: z.string(),
  run: z.string(),
  encoder: z.strictObject({ id: z.string(), sha256: z.string(), fingerprint: z.string() }),
  createdAt: z.string(),
  /** Versions of what wrote and ran it. */
  versions: z.record(z.string(), z.string()),
  machine: z.string(),
  bound: z.number(),
  parts: z.array(partSchema).min(1),
  /** What no program of the workbench can run; the last fields come of the script, when somebody has run it. */
  elsewhere: z
    .strictObject({
      what: z.string(),
      script: z.string(),
      command: z.string(),
      ranBy: z.string().nullable(),
      ranAt: z.string().nullable(),
      machine: z.string().nullable(),
      parts: z.array(partSchema),
    })
    .nullable(),
  /** Every file but this one, by path. */
  files: z.record(z.string(), z.strictObject({ bytes: z.number().int(), sha256: z.string() })),
})
export type Proved = z.infer<typeof provedSchema>

/** `certificate.json` of an exported head: what was really run, and what came of it. @internal */
export const certificateSchema = provedSchema.extend({
  dataset: z.string(),
  card: z.string(),
  /** Which head was handed out, and why; absent in certificates of before there was a rule. */
  handedOut: handedOutSchema.optional(),
  probes: z.strictObject({ seed: z.number().int(), documents: z.number().int(), texts: z.array(z.string()) }),
})
export type Certificate = z.infer<typeof certificateSchema>

/**
 * Parts of an export held against the engine.
 * @throws EXPORT_DIFFERS where one is further from it than the bound, or is no number
 */
export function certifyParts({ probes }: ExportMaterial, runs: readonly ExportRun[]): CertifiedPart[] {
  const documents = engineDocuments(probes)
  return runs.map((run) => {
    requireShape(run, run.queries, probes.queries)
    if (run.documents) requireShape(run, run.documents, documents)
    const difference = withinBound(
      run,
      Math.max(
        greatestDifference(run.queries, probes.queries),
        run.documents ? greatestDifference(run.documents, documents) : 0,
      ),
    )
    const moved = movedRanks(
      { queries: probes.queries, documents },
      { queries: run.queries, documents: run.documents ?? documents },
    )
    return { part: run.part, file: run.file, by: run.by, difference, ranks: moved }
  })
}

/** @throws EXPORT_DIFFERS for a difference above the bound, or none at all */
export function withinBound(run: ProvedPart, difference: number): number {
  // Not `>`, so that NaN fails too.
  if (difference <= PARITY_BOUND) return difference
  throw differs(run, `a difference of ${difference.toExponential(2)}`)
}

/** What was run, and by what. */
type ProvedPart = Pick<CertifiedPart, 'part' | 'file' | 'by'>

interface Side {
  readonly queries: Matrix
  readonly documents: Matrix
}

/** The largest change of place among the first documents of any probe. */
export function movedRanks(before: Side, after: Side): number {
  let most = 0
  for (let n = 0; n < before.queries.rows; n++) {
    const first = order(before, n).slice(0, RANKED)
    const places = new Map(order(after, n).map((document, place) => [document, place]))
    first.forEach((document, place) => {
      most = Math.max(most, Math.abs((places.get(document) as number) - place))
    })
  }
  return most
}

/** Rows of the documents, best first; those of equal score in their own order. */
function order({ queries, documents }: Side, n: number): number[] {
  const query = row(queries, n)
  const scores = Array.from({ length: documents.rows }, (_, d) => dot(query, row(documents, d)))
  return [...scores.keys()].sort((a, b) => scores[b] - scores[a] || a - b)
}

function requireShape(run: ExportRun, got: Matrix, expected: Matrix): void {
  if (got.rows === expected.rows && got.columns === expected.columns) return
  throw differs(run, `vectors [${got.rows}, ${got.columns}] for [${expected.rows}, ${expected.columns}]`)
}

function differs({ part, file, by }: ProvedPart, got: string): HydraError {
  return new HydraError('EXPORT_DIFFERS', {
    expected: `${part} (${file}) within ${PARITY_BOUND} of the engine’s vectors on ${by}`,
    got,
    remedy:
      'Nothing was written. Where it is the encoder’s part, vectors kept from another machine may be the reason: delete cache/vectors of the workspace and export again. Else please report it.',
  })
}

/** What a certificate of any export says, of whatever it is. */
export type MadeFacts = Pick<Proved, 'format' | 'createdAt' | 'versions' | 'machine' | 'parts' | 'files'> & {
  readonly elsewhere?: { readonly what: string; readonly script: string; readonly command: string }
}

export function provedOf(
  {
    run,
    encoder,
    fingerprint,
  }: { readonly run: string; readonly encoder: { id: string; sha256: string }; readonly fingerprint: string },
  { format, createdAt, versions, machine, parts, files, elsewhere }: MadeFacts,
): Proved {
  return {
    version: 1,
    format,
    run,
    encoder: { ...encoder, fingerprint },
    createdAt,
    versions,
    machine,
    bound: PARITY_BOUND,
    parts,
    elsewhere: elsewhere ? { ...elsewhere, ranBy: null, ranAt: null, machine: null, parts: [] } : null,
    files,
  }
}

/** All that a head's certificate says. */
export function certificateOf({ origin, encoder, probes }: ExportMaterial, made: MadeFacts): Certificate {
  const { run, dataset, card, handedOut } = origin
  const { fingerprint } = encoder
  return {
    ...provedOf({ run, encoder: { id: origin.encoder, sha256: origin.encoderSha256 }, fingerprint }, made),
    dataset,
    card: card.id,
    ...(handedOut ? { handedOut } : {}),
    probes: { seed: PROBE_SEED, documents: probes.documents.vectors.rows, texts: [...probes.texts] },
  }
}
