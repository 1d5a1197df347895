import { resolve } from 'node:path'
import type { Encoder } from '../../../src/main/engine/encoders/encoder'
import type { AffineHead } from '../../../src/main/engine/hypernet/head'
import { createMatrix, normalizeRows } from '../../../src/main/engine/numeric/matrix'
import { memoisedEncoder } from '../../../src/main/pipeline/encoding/memoised-encoder'
import { operations } from '../../../src/main/pipeline/operations'
import { createWarmEngine } from '../../../src/main/pipeline/playground/warm-engine'
import type { CompiledHeads } from '../../../src/main/pipeline/serving/compiled-heads'
import type { ServiceContext } from '../../../src/main/services/service-context'
import { madeContext } from '../../made-context'

const ROOT = resolve(import.meta.dirname, '..', '..', '..')
export const DIMENSIONS = 4

/** A vector that only the letters of the text decide, and whether it is a query. */
export function vectorOf(text: string, role: 'query' | 'document' = 'query'): Float32Array {
  const row = createMatrix(1, DIMENSIONS)
  for (const [i, letter] of [...text].entries()) row.data[i % DIMENSIONS] += letter.codePointAt(0) ?? 0
  if (role === 'document') row.data[0] += 1000
  return normalizeRows(row).data
}

/** What each card's head does: it turns the axes by one. */
export function turned(vector: Float32Array): Float32Array {
  return Float32Array.from(vector, (_, i) => vector[(i + 1) % DIMENSIONS])
}

const head: AffineHead = {
  weight: createMatrix(
    DIMENSIONS,
    DIMENSIONS,
    Float32Array.from({ length: DIMENSIONS ** 2 }, (_, at) =>
      at % DIMENSIONS === (Math.floor(at / DIMENSIONS) + 1) % DIMENSIONS ? 1 : 0,
    ),
  ),
  bias: new Float32Array(DIMENSIONS),
}

const compiled: CompiledHeads = {
  heads: { head, documents: null },
  about: {
    run: 'made',
    collection: 'tiny',
    card: 'turning',
    encoder: { id: 'all-MiniLM-L6-v2', sha256: 'ab', dimensions: DIMENSIONS },
    handedOut: { head: 'task card', strength: 1, words: 'Handed out: the task card as it was trained.' },
    experts: null,
    fit: 1,
    head: { weight: [DIMENSIONS, DIMENSIONS], bias: [DIMENSIONS], layerNorm: false, sha256: 'cd' },
    documents: null,
    certificate: { probes: 64, difference: 0, bound: 1e-5 },
  },
}

/**
 * The session's operations in this process, over an encoder of four dimensions and a head that turns the axes; texts are taken
 * apart by the real tokenizer. The test says how long the encoder takes, and what it cannot do.
 */
export function madeSession(
  options: { readonly encode?: (texts: readonly string[]) => Promise<void> | void } = {},
) {
  const calls: string[][] = []
  const encoder: Encoder = {
    id: 'all-MiniLM-L6-v2',
    sha256: 'ab',
    fingerprint: 'ef',
    dimensions: DIMENSIONS,
    async encode(texts, { role = 'query' } = {}) {
      calls.push([...texts])
      await options.encode?.(texts)
      const out = createMatrix(texts.length, DIMENSIONS)
      texts.forEach((text, i) => {
        out.data.set(vectorOf(text, role), i * DIMENSIONS)
      })
      return out
    },
    dispose: async () => undefined,
  }
  const engine = createWarmEngine()
  const known = new Set<string>()
  const warm: typeof engine = {
    ...engine,
    compiledHeads: Object.assign(
      async (name: string, open: () => Promise<CompiledHeads>) => {
        // What stands where a network would be: `open` says only that the head was not there.
        if (!known.has(name)) open().catch(() => undefined)
        known.add(name)
        return compiled
      },
      { forget: () => undefined },
    ),
  }
  const memoised = memoisedEncoder(encoder)
  const request: ServiceContext['session']['request'] = async (name, input, signal) => {
    const operation = operations.get(name)
    if (!operation) throw new RangeError(name)
    const context = madeContext(ROOT, {
      appRoot: ROOT,
      warm: { ...warm, encoder: async () => memoised },
      ...(signal && { signal }),
    })
    // As it crosses the boundary between processes: nothing is shared.
    const output = await operation.run(operation.input.parse(structuredClone(input)), context)
    return structuredClone(operation.output.parse(output)) as never
  }
  return { session: { request }, calls }
}
