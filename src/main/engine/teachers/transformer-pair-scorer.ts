import { createHash } from 'node:crypto'
import * as ort from 'onnxruntime-node'
import { HydraError, throwIfCancelled } from '../../../shared/errors'
import { batchesByLength, MAX_BATCH_ROWS } from '../encoders/batches-by-length'
import { type ResolvedModel, resolveModel } from '../encoders/model-folder'
import type { PairScorer } from './pair-scorer'
import { loadPairTokenizer, type PairTokens } from './pair-tokenizer'

/** Pairs tokenised before the event loop gets its turn. */
const TOKENIZE_SLICE = 16

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
  const session = await openSession(model)
  return {
    id: model.id,
    fingerprint: pairFingerprint(model, maxTokens),
    async score(pairs, { signal, onProgress } = {}) {
      const tokens: PairTokens[] = []
      for (const pair of pairs) {
        if (tokens.length % TOKENIZE_SLICE === 0) await yieldToEvents(signal)
        tokens.push(tokenize(pair))
      }
      const scores = new Float32Array(pairs.length)
      let done = 0
      for (const batch of batchesByLength(tokens, model.dtype === 'int8' ? 1 : MAX_BATCH_ROWS)) {
        throwIfCancelled(signal)
        const logits = await run(
          session,
          model,
          batch.map((index) => tokens[index]),
        )
        batch.forEach((index, place) => {
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
async function run(
  session: ort.InferenceSession,
  model: ResolvedModel,
  inputs: readonly PairTokens[],
): Promise<Float32Array> {
  const length = inputs[0].length
  const shape = [inputs.length, length]
  const [ids, mask, types] = [0, 0, 0].map(() => new BigInt64Array(inputs.length * length))
  inputs.forEach((input, r) => {
    for (let t = 0; t < input.length; t++) {
      ids[r * length + t] = BigInt(input.ids[t])
      types[r * length + t] = BigInt(input.types[t])
    }
    mask.fill(1n, r * length, r * length + input.length)
  })
  const feeds: Record<string, ort.Tensor> = {
    input_ids: new ort.Tensor('int64', ids, shape),
    attention_mask: new ort.Tensor('int64', mask, shape),
  }
  if (session.inputNames.includes('token_type_ids')) {
    feeds.token_type_ids = new ort.Tensor('int64', types, shape)
  }
  const output = (await session.run(feeds))[session.outputNames[0]]
  if (output.type === 'float32' && output.dims[0] === inputs.length && output.dims[1] === 1) {
    return output.data as Float32Array
  }
  throw unsupported(
    model,
    `one score for each pair, [${inputs.length}, 1], as first output`,
    `${session.outputNames[0]} ${output.type} [${output.dims}]`,
  )
}

async function openSession(model: ResolvedModel): Promise<ort.InferenceSession> {
  const session = await ort.InferenceSession.create(model.weights, {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 3,
  }).catch((cause: unknown) => {
    const got = cause instanceof Error ? cause.message : String(cause)
    throw unsupported(model, 'an ONNX graph that ONNX Runtime can run', got)
  })
  const known = ['input_ids', 'attention_mask', 'token_type_ids']
  const foreign = session.inputNames.find((name) => !known.includes(name))
  if (foreign) throw unsupported(model, `inputs among ${known.join(', ')}`, `an input ${foreign}`)
  return session
}

function unsupported(model: ResolvedModel, expected: string, got: string): HydraError {
  const remedy =
    'Use a cross-encoder with one output, exported with transformers’ text-classification task, such as ms-marco-MiniLM-L-12-v2.'
  return new HydraError('MODEL_UNSUPPORTED', { expected, got, remedy, where: model.weights })
}

async function yieldToEvents(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((done) => setImmediate(done))
  throwIfCancelled(signal)
}
