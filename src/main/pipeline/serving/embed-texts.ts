import { z } from 'zod'
import { HydraError, type SerializedError, toHydraError } from '../../../shared/errors'
import { compileSpecSchema, textRoleSchema } from '../../../shared/serving/api-schemas'
import type { Encoder, TextRole } from '../../engine/encoders/encoder'
import type { TokenReader } from '../../engine/encoders/token-reader'
import type { HeadPair } from '../../engine/exporting/head-file'
import { applyHead } from '../../engine/hypernet/head'
import { createMatrix, type Matrix } from '../../engine/numeric/matrix'
import { defineOperation, type OperationContext } from '../operation'
import { compiledHeads } from './compiled-heads'

/** Texts taken apart before the event loop gets its turn: some milliseconds of short ones. */
const COUNTED_SLICE = 16

const groupSchema = z.strictObject({
  /** Whose head the texts go through; null: the frozen encoder. */
  card: z.strictObject({ run: z.string(), spec: compileSpecSchema }).nullable(),
  role: textRoleSchema,
  texts: z.array(z.string()).min(1),
  /** Refuses a text that is longer than the encoder reads, in place of cutting it. */
  whole: z.boolean(),
})
type Group = z.output<typeof groupSchema>

const embeddedSchema = z.strictObject({
  /** [texts, outputs] */
  vectors: z.custom<Float32Array>((value) => value instanceof Float32Array),
  /** Of each text, read by the encoder, special ones included. */
  tokens: z.array(z.number().int()),
})

/**
 * Texts of several requests in one call of the encoder, and each group through its own head. What is wrong with one group is
 * its own answer and nobody else's.
 */
export const embedTexts = defineOperation({
  name: 'embed-texts',
  input: z.strictObject({ encoder: z.string(), groups: z.array(groupSchema).min(1) }),
  output: z.strictObject({
    dimensions: z.number().int(),
    groups: z.array(z.union([embeddedSchema, z.strictObject({ error: z.custom<SerializedError>() })])),
    /** Texts whose vectors were at hand. */
    cached: z.number().int(),
    /** Of this process, bytes: what a service watches. */
    residentBytes: z.number().int(),
  }),
  session: true,
  async run({ encoder: id, groups }, context) {
    const encoder = await context.warm.encoder(id, context)
    const reader = await context.warm.tokenReader(id, context)
    const prepared = await Promise.all(groups.map((group) => prepare(group, reader, context)))
    const sound = groups.filter((_, i) => !(prepared[i] instanceof HydraError))
    let cached = 0
    const encode = (role: TextRole) =>
      encodeRole(sound, role, encoder, context, (texts) => {
        cached += texts
      })
    const encoded = { query: await encode('query'), document: await encode('document') }
    const answers = groups.map((group, i) => {
      const ready = prepared[i]
      if (ready instanceof HydraError) return { error: ready.toJSON() }
      const { heads, tokens } = ready
      return { vectors: throughHead(heads, group.role, encoded[group.role].take(group)).data, tokens }
    })
    return {
      dimensions: encoder.dimensions,
      groups: answers,
      cached,
      residentBytes: process.memoryUsage.rss(),
    }
  },
})

declare module '../operation' {
  interface Operations {
    'embed-texts': typeof embedTexts
  }
}

async function prepare(
  { card, role, texts, whole }: Group,
  reader: TokenReader,
  context: OperationContext,
): Promise<{ readonly heads: HeadPair | null; readonly tokens: number[] } | HydraError> {
  try {
    const heads = card && (await compiledHeads(card.run, card.spec, context)).heads
    const tokens: number[] = []
    for (const text of texts) {
      if (tokens.length % COUNTED_SLICE === COUNTED_SLICE - 1) await new Promise(setImmediate)
      const count = reader.count(text, role)
      if (whole && count > reader.limit) throw tooLong(tokens.length, count, reader.limit)
      tokens.push(Math.min(count, reader.limit))
    }
    return { heads, tokens }
  } catch (thrown) {
    return toHydraError(thrown)
  }
}

/** All texts of a role in one call, handed back group by group. */
async function encodeRole(
  groups: readonly Group[],
  role: TextRole,
  encoder: Encoder,
  { signal }: OperationContext,
  onCached: (texts: number) => void,
) {
  const own = groups.filter((group) => group.role === role)
  const texts = own.flatMap((group) => group.texts)
  // `lasting: false`: what strangers ask does not fill the disk.
  const vectors =
    texts.length === 0
      ? createMatrix(0, encoder.dimensions)
      : await encoder.encode(texts, { role, lasting: false, signal, onCached })
  const firsts = new Map<Group, number>()
  let first = 0
  for (const group of own) {
    firsts.set(group, first)
    first += group.texts.length
  }
  return {
    take(group: Group): Matrix {
      const from = firsts.get(group) as number
      const { columns, data } = vectors
      const to = from + group.texts.length
      return createMatrix(group.texts.length, columns, data.slice(from * columns, to * columns))
    },
  }
}

function throughHead(heads: HeadPair | null, role: TextRole, vectors: Matrix): Matrix {
  const head = role === 'query' ? heads?.head : heads?.documents
  return head ? applyHead(head, vectors) : vectors
}

function tooLong(place: number, tokens: number, limit: number): HydraError {
  return new HydraError('REQUEST_TOO_LARGE', {
    expected: `texts of at most ${limit} tokens, which is what the encoder reads`,
    got: `text ${place} of ${tokens}`,
    remedy: 'Shorten it, or ask for long texts to be cut.',
  })
}
