import { createHash } from 'node:crypto'
import { HydraError, throwIfCancelled } from '../../../shared/errors'
import { batchesByLength, MAX_BATCH_ROWS } from '../encoders/batches-by-length'
import { type ResolvedModel, resolveModel } from '../encoders/model-folder'
import { openSession } from '../encoders/open-session'
import { requireFinite } from '../encoders/require-finite'
import { type TokenRow, type TokenSession, tokenizeAll } from '../encoders/token-session'
import type { PairScorer } from './pair-scorer'
import { loadPairTokenizer } from './pair-tokenizer'

/** Pairs tokenised before the event loop gets its turn. */
const TOKENIZE_SLICE = 16
const REMEDY =
  'Use a cross-encoder with one output, exported with transformers’ text-classification task, such as ms-marco-MiniLM-L-12-v2.'

/** A cross-encoder's folder, found and checked as an encoder's is. */
export async function resolvePairModel(name: string, roots: readonly string[]): Promise<ResolvedModel> {
  try {
    return await resolveModel(name, roots)
  } catch (error) {
    if (!(error instanceof HydraError) || error.code !== 'MODEL_MISSING') throw error
    const { where } = error.detail
    throw new HydraError(
      'MODEL_MISSING',
      {
        expected: error.detail.expected.replace('an encoder folder', 'a cross-encoder folder'),
        got: error.detail.got,
        remedy:
          'Put the folder of a cross-encoder in Hugging Face layout with onnx/, such as ms-marco-MiniLM-L-12-v2, into models/ of the workspace, or name its path.',
        command: 'hydra models add SOURCE',
        ...(where ? { where } : {}),
      },
      { cause: error },
    )
  }
}

/** What decides a pair's score: the model, and how much of the texts it sees. */
export function pairFingerprint(model: ResolvedModel, maxTokens: number): string {
  return createHash('sha256')
    .update(JSON.stringify([model.fingerprint, maxTokens]))
    .digest('hex')
}

/**
 * A cross-encoder in this process: one ONNX Runtime session on one thread, which blocks the event loop while it runs; so
 * whoever serves people uses it from a worker process. A score is the model's one logit, without a sigmoid.
 */
export async function openTransformerPairScorer(
  model: ResolvedModel,
  maxTokens: number,
): Promise<PairScorer> {
  const tokenize = await loadPairTokenizer(model, maxTokens)
  const session = await openSession(model, REMEDY)
  return {
    id: model.id,
    fingerprint: pairFingerprint(model, maxTokens),
    async score(pairs, { signal, onProgress } = {}) {
      const tokens = await tokenizeAll(pairs, tokenize, TOKENIZE_SLICE, signal)
      const scores = new Float32Array(pairs.length)
      let done = 0
      for (const batch of batchesByLength(tokens, model.dtype === 'int8' ? 1 : MAX_BATCH_ROWS)) {
        throwIfCancelled(signal)
        const logits = await run(
          session,
          batch.map((index) => tokens[index]),
        )
        batch.forEach((index, place) => {
          requireFinite(logits.subarray(place, place + 1), model, pairs[index].join(' '))
          scores[index] = logits[place]
        })
        done += batch.length
        onProgress?.(done, pairs.length)
      }
      return scores
    },
    dispose: () => session.release(),
  }
}

/** One logit a pair, [rows]. */
async function run(session: TokenSession, inputs: readonly TokenRow[]): Promise<Float32Array> {
  const { name, type, dims, data } = await session.run(inputs)
  if (type === 'float32' && dims[0] === inputs.length && dims[1] === 1) return data as Float32Array
  throw session.unsupported(
    `one score for each pair, [${inputs.length}, 1], as first output`,
    `${name} ${type} [${dims}]`,
  )
}
