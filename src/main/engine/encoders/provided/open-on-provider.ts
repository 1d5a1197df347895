import { HydraError } from '../../../../shared/errors'
import { dot, row } from '../../numeric/matrix'
import { BackendRefused } from '../../registry/refusal'
import { findSpec } from '../../registry/registry'
import type { Encoder } from '../encoder'
import type { ResolvedModel } from '../model-folder'
import { providers } from '../providers'
import type { ProviderSpec } from '../providers/provider'
import type { TokenSession } from '../token-session'
import { encoderOf, openEncoderParts } from '../transformer-encoder'
import { CHECK_TEXTS } from './check-texts'
import { providerRefusal } from './provider-refusal'

/** Texts at once that are tried, as far as more of them are faster. */
const BATCHES = [1, 8, 32]
/** int8 scales follow the whole batch, so its texts go one at a time (batches-by-length.ts). */
const ONE_AT_A_TIME = [1]
/** Least cosine with what the processor gives: half precision keeps three digits; float32 differs by the order of its sums, int8 by its kernels. */
const LEAST_COSINE = { fp16: 0.999, int8: 0.999, fp32: 0.99999 } as const

/** An encoder on a provider that has been checked, and what it did meanwhile. */
export interface ProvidedEncoder {
  readonly encoder: Encoder
  /** Texts of a batch at most: the fastest of those that were tried. */
  readonly rows: number
  readonly textsPerSecond: number
  /** Least cosine of a checked text with what the processor gives. */
  readonly cosine: number
}

type OpenParts = typeof openEncoderParts

/**
 * The encoder of a folder on the provider that its name says, once the vectors of 16 texts are those of the processor. Throws
 * BackendRefused.
 * @param open for tests: what makes the session
 */
export async function openOnProvider(
  model: ResolvedModel,
  open: OpenParts = openEncoderParts,
): Promise<ProvidedEncoder> {
  const spec = findSpec('provider', providers, model.provider)
  const parts = await open(model, spec.runtime).catch((thrown) => {
    throw providerRefusal(thrown)
  })
  const watched = { ...parts, session: watchedSession(parts.session, spec) }
  try {
    const measured = await fastestBatch(model, watched)
    const cosine = await leastCosine(model, encoderOf(model, watched, measured.rows), open)
    const floor = LEAST_COSINE[model.dtype as keyof typeof LEAST_COSINE]
    if (!(cosine >= floor))
      throw new BackendRefused(
        'self-check-failed',
        `a vector of its check has a cosine of ${cosine.toFixed(6)} with what the processor gives, less than ${floor}`,
      )
    return { encoder: encoderOf(model, watched, measured.rows), ...measured, cosine }
  } catch (thrown) {
    await parts.session.release()
    throw providerRefusal(thrown)
  }
}

/** The same for whoever asked for it by name: what refuses is BACKEND_UNAVAILABLE. */
export async function openProviderEncoder(model: ResolvedModel, open?: OpenParts): Promise<Encoder> {
  try {
    return (await openOnProvider(model, open)).encoder
  } catch (thrown) {
    const { code, message } = providerRefusal(thrown)
    const { title, name, command } = findSpec('provider', providers, model.provider)
    throw new HydraError('BACKEND_UNAVAILABLE', {
      expected: `${title} (${name}) for the encoder ${model.id}`,
      got: `${code}: ${message}`,
      remedy: 'Leave out “provider”, or choose another one.',
      command: (code === 'no-library' && command) || 'hydra doctor',
      where: model.weights,
    })
  }
}

type Parts = Awaited<ReturnType<OpenParts>>

async function fastestBatch(
  model: ResolvedModel,
  parts: Parts,
): Promise<Pick<ProvidedEncoder, 'rows' | 'textsPerSecond'>> {
  // Kernels are compiled for each shape of input that comes, and most texts are of few shapes.
  const texts = [...CHECK_TEXTS, ...CHECK_TEXTS]
  let best = { rows: 0, textsPerSecond: 0 }
  for (const rows of model.dtype === 'int8' ? ONE_AT_A_TIME : BATCHES) {
    const encoder = encoderOf(model, parts, rows)
    await encoder.encode(texts)
    const begun = performance.now()
    await encoder.encode(texts)
    const textsPerSecond = texts.length / ((performance.now() - begun) / 1000)
    if (textsPerSecond <= best.textsPerSecond) break
    best = { rows, textsPerSecond }
  }
  return best
}

async function leastCosine(model: ResolvedModel, encoder: Encoder, open: OpenParts): Promise<number> {
  const parts = await open({ ...model, ...model.reference }, 'cpu')
  try {
    const usual = encoderOf(model, parts, 1)
    const [ours, known] = [await encoder.encode(CHECK_TEXTS), await usual.encode(CHECK_TEXTS)]
    return Math.min(...CHECK_TEXTS.map((_, i) => dot(row(ours, i), row(known, i))))
  } finally {
    await parts.session.release()
  }
}

/** A session whose device may be lost or full, as errors of the catalogue. */
function watchedSession(session: TokenSession, { title }: ProviderSpec): TokenSession {
  return {
    ...session,
    async run(rows) {
      try {
        return await session.run(rows)
      } catch (thrown) {
        const { code, message } = providerRefusal(thrown)
        if (code !== 'device-lost' && code !== 'out-of-memory') throw thrown
        throw new HydraError(code === 'device-lost' ? 'DEVICE_LOST' : 'DEVICE_MEMORY', {
          expected: `${title} to encode ${rows.length} texts of ${rows[0].ids.length} tokens`,
          got: message,
          remedy:
            'Start again: what was encoded is kept. Or leave out “provider” in the name of the encoder.',
        })
      }
    },
  }
}
