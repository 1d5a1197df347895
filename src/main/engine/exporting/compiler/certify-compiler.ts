import { z } from 'zod'
import { handedHeadSchema, handedShareSchema } from '../../../../shared/schemas/runs/hand-out'
import { type AffineHead, applyHead } from '../../hypernet/head'
import { greatestDifference } from '../../hypernet/hypernetwork'
import { createMatrix, gatherRows, type Matrix } from '../../numeric/matrix'
import {
  type CertifiedPart,
  type MadeFacts,
  movedRanks,
  provedOf,
  provedSchema,
  withinBound,
} from '../certificate'
import type { CompilerRun } from '../formats/export-format'
import { PROBE_SEED } from '../probe-texts'
import type { CompiledCard } from './compiled-card'
import type { CompilerMaterial } from './compiler-material'

const handedCaseSchema = z.strictObject({
  head: handedHeadSchema,
  bm25: handedShareSchema.nullable(),
  words: z.string(),
})

/** `certificate.json` of an exported compiler. @internal */
export const compilerCertificateSchema = provedSchema.extend({
  generator: z.string(),
  head: z.string(),
  handedOut: z.strictObject({ withExamples: handedCaseSchema, withoutExamples: handedCaseSchema }),
  probes: z.strictObject({
    seed: z.number().int(),
    texts: z.array(z.string()),
    cards: z.number().int(),
    /** Cards that no expert fits; null for a network without experts. */
    fitNone: z.number().int().nullable(),
  }),
})
export type CompilerCertificate = z.infer<typeof compilerCertificateSchema>

export function compilerCertificate(
  { run, parts, encoder, probes }: CompilerMaterial,
  made: MadeFacts,
): CompilerCertificate {
  const { checkpoint, handedOut } = parts
  const { fingerprint } = encoder
  const shares = probes.cards.flatMap((card) => card.made.experts?.shares ?? [])
  return {
    ...provedOf(
      { run, encoder: { id: checkpoint.encoder, sha256: checkpoint.encoderSha256 }, fingerprint },
      made,
    ),
    generator: checkpoint.description.generator.name,
    head: checkpoint.description.head.name,
    handedOut,
    probes: {
      seed: PROBE_SEED,
      texts: [...probes.texts],
      cards: probes.cards.length,
      fitNone: shares.length === 0 ? null : shares.filter((own) => own.every((share) => share === 0)).length,
    },
  }
}

/**
 * What a compiler made of the probe cards, held against the engine part by part.
 * @throws EXPORT_DIFFERS where one is further from it than the bound, or is no number
 */
export function certifyCompiler({ probes }: CompilerMaterial, run: CompilerRun): CertifiedPart[] {
  const { file, by, encoder } = run
  const expected = probes.cards.map(({ made }) => made)
  const greatest = (part: string, read: (card: CompiledCard) => Float32Array[]): CertifiedPart => {
    const named = { part, file, by }
    const differences = expected.map((made, i) => farthest(read(run.cards[i]), read(made)))
    return { ...named, difference: withinBound(named, Math.max(...differences)), ranks: null }
  }
  const heads = ({ head, documents }: CompiledCard) => (documents ? [head, documents] : [head])
  const has = (read: (card: CompiledCard) => boolean) => expected.some(read)
  return [
    greatest('W', (card) => heads(card).map(({ weight }) => weight.data)),
    greatest('b', (card) => heads(card).map(({ bias }) => bias)),
    ...(has(({ head }) => head.norm !== undefined)
      ? [
          greatest('scale and shift', (card) =>
            heads(card).flatMap(({ norm }) => (norm ? [norm.scale, norm.shift] : [])),
          ),
        ]
      : []),
    ...(has(({ experts }) => experts !== null)
      ? [greatest('gates and shares', ({ experts }) => (experts ? [experts.gates, experts.shares] : []))]
      : []),
    ...(has(({ bm25 }) => bm25 > 0) ? [greatest('BM25’s share', ({ bm25 }) => [Float32Array.of(bm25)])] : []),
    vectorsPart(run, probes),
    ...(encoder ? [encoderPart(encoder, by, probes.queries)] : []),
  ]
}

/** Each probe text through the head of its card. */
function vectorsPart({ file, by, cards }: CompilerRun, probes: CompilerMaterial['probes']): CertifiedPart {
  const named = { part: 'query vectors', file, by }
  let [difference, ranks] = [0, 0]
  probes.cards.forEach(({ made }, i) => {
    const query = gatherRows(probes.queries, [i])
    const through = ({ head, documents }: CompiledCard) => ({
      queries: applyHead(head, query),
      documents: throughDocuments(documents, probes.documents),
    })
    const [before, after] = [through(made), through(cards[i])]
    difference = Math.max(difference, greatestDifference(after.queries, before.queries))
    ranks = Math.max(ranks, movedRanks(before, after))
  })
  return { ...named, difference: withinBound(named, difference), ranks }
}

function throughDocuments(head: AffineHead | null, documents: Matrix): Matrix {
  return head ? applyHead(head, documents) : documents
}

function encoderPart(
  { file, vectors }: NonNullable<CompilerRun['encoder']>,
  by: string,
  expected: Matrix,
): CertifiedPart {
  const named = { part: 'encoder', file, by }
  return { ...named, difference: withinBound(named, greatestDifference(vectors, expected)), ranks: null }
}

/** Greatest difference of any number; no number at all where one is missing. */
function farthest(got: readonly Float32Array[], expected: readonly Float32Array[]): number {
  if (got.length !== expected.length) return Number.NaN
  const rows = expected.map((values, i) =>
    got[i].length === values.length
      ? greatestDifference(createMatrix(1, values.length, got[i]), createMatrix(1, values.length, values))
      : Number.NaN,
  )
  return Math.max(...rows)
}
