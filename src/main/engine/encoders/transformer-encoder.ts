import * as ort from 'onnxruntime-node'
import { HydraError, throwIfCancelled } from '../../../shared/errors'
import { createMatrix, normalizeInPlace, row } from '../numeric/matrix'
import { batchesByLength, MAX_BATCH_ROWS } from './batches-by-length'
import type { EncodeOptions, Encoder } from './encoder'
import type { ResolvedModel } from './model-folder'
import { loadTokenizer } from './tokenizer'

/** Texts tokenised before the event loop gets its turn. */
const TOKENIZE_SLICE = 64

/**
 * An encoder in this process: one ONNX Runtime session on one thread. A run blocks the event loop (METHOD 5), so whoever
 * serves people uses it from a worker process.
 */
export async function openTransformerEncoder(model: ResolvedModel): Promise<Encoder> {
  const tokenize = await loadTokenizer(model)
  const session = await openSession(model)

  async function encode(texts: readonly string[], { signal, onProgress }: EncodeOptions = {}) {
    const tokens: number[][] = []
    for (const text of texts) {
      if (tokens.length % TOKENIZE_SLICE === 0) await yieldToEvents(signal)
      tokens.push(tokenize(text))
    }
    const vectors = createMatrix(texts.length, model.dimensions)
    let done = 0
    for (const batch of batchesByLength(tokens, model.dtype === 'int8' ? 1 : MAX_BATCH_ROWS)) {
      throwIfCancelled(signal)
      const inputs = batch.map((index) => tokens[index])
      const hidden = await runSession(session, model, inputs)
      const length = hidden.length / (inputs.length * model.dimensions)
      batch.forEach((index, position) => {
        const vector = row(vectors, index)
        pool(hidden, position * length, model.pooling === 'cls' ? 1 : inputs[position].length, vector)
        normalizeInPlace(vector)
      })
      done += batch.length
      onProgress?.(done, texts.length)
    }
    return vectors
  }

  const { id, sha256, fingerprint, dimensions } = model
  return { id, sha256, fingerprint, dimensions, encode, dispose: () => session.release() }
}

/** Mean of `count` token vectors from row `first` on, into `out`: padding is never counted, CLS is a mean of one. */
function pool(hidden: Float32Array, first: number, count: number, out: Float32Array): void {
  const columns = out.length
  for (let token = first; token < first + count; token++) {
    const from = token * columns
    for (let c = 0; c < columns; c++) out[c] += hidden[from + c]
  }
  for (let c = 0; c < columns; c++) out[c] /= count
}

/** Token vectors [rows, longest, dimensions], flat. */
async function runSession(
  session: ort.InferenceSession,
  model: ResolvedModel,
  inputs: readonly number[][],
): Promise<Float32Array> {
  const length = inputs[0].length
  const shape = [inputs.length, length]
  const ids = new BigInt64Array(inputs.length * length)
  const mask = new BigInt64Array(inputs.length * length)
  inputs.forEach((input, r) => {
    for (let t = 0; t < input.length; t++) ids[r * length + t] = BigInt(input[t])
    mask.fill(1n, r * length, r * length + input.length)
  })
  const feeds: Record<string, ort.Tensor> = {
    input_ids: new ort.Tensor('int64', ids, shape),
    attention_mask: new ort.Tensor('int64', mask, shape),
  }
  if (session.inputNames.includes('token_type_ids')) {
    feeds.token_type_ids = new ort.Tensor('int64', new BigInt64Array(ids.length), shape)
  }
  const output = (await session.run(feeds))[session.outputNames[0]]
  const [rows, tokens, columns] = output.dims
  if (
    output.type === 'float32' &&
    rows === inputs.length &&
    tokens === length &&
    columns === model.dimensions
  ) {
    return output.data as Float32Array
  }
  throw unsupported(
    model,
    `token vectors [${inputs.length}, ${length}, ${model.dimensions}] as first output`,
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
    'Use an encoder exported with transformers’ feature-extraction task, such as all-MiniLM-L6-v2.'
  return new HydraError('MODEL_UNSUPPORTED', { expected, got, remedy, where: model.weights })
}

async function yieldToEvents(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((done) => setImmediate(done))
  throwIfCancelled(signal)
}
