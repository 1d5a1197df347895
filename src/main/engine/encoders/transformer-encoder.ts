import { throwIfCancelled } from '../../../shared/errors'
import { widenHalves } from '../formats/floats'
import { createMatrix, normalizeInPlace, row } from '../numeric/matrix'
import { batchesByLength, MAX_BATCH_ROWS } from './batches-by-length'
import type { EncodeOptions, Encoder } from './encoder'
import type { ResolvedModel } from './model-folder'
import { openSession } from './open-session'
import { requireFinite } from './require-finite'
import type { Pooling } from './settings/model-pooling'
import { type TokenRow, type TokenSession, tokenizeAll } from './token-session'
import { loadTokenizer } from './tokenizer'

/** Texts tokenised before the event loop gets its turn. */
const TOKENIZE_SLICE = 64
const REMEDY = 'Use an encoder exported with transformers’ feature-extraction task, such as all-MiniLM-L6-v2.'

/**
 * An encoder in this process: one ONNX Runtime session on one thread. A run blocks the event loop (docs/method.md#encoder),
 * so whoever serves people uses it from a worker process. Texts are taken as they are: their prefix stands in them already.
 */
export async function openTransformerEncoder(model: ResolvedModel): Promise<Encoder> {
  const parts = await openEncoderParts(model, 'cpu')
  return encoderOf(model, parts, model.dtype === 'int8' ? 1 : MAX_BATCH_ROWS)
}

export interface EncoderParts {
  readonly tokenize: Awaited<ReturnType<typeof loadTokenizer>>
  readonly session: TokenSession
}

/** @param runtime ONNX Runtime's name of the execution provider */
export async function openEncoderParts(model: ResolvedModel, runtime: string): Promise<EncoderParts> {
  const tokenize = await loadTokenizer(model)
  const session = await openSession(model, REMEDY, runtime)
  try {
    checkWidth(session, model)
    return { tokenize, session }
  } catch (error) {
    await session.release()
    throw error
  }
}

/** @param mostRows texts of one run of the graph at most */
export function encoderOf(
  model: ResolvedModel,
  { tokenize, session }: EncoderParts,
  mostRows: number,
): Encoder {
  async function encode(texts: readonly string[], { signal, onProgress }: EncodeOptions = {}) {
    const tokens = (await tokenizeAll(texts, tokenize, TOKENIZE_SLICE, signal)).map((ids) => ({
      ids,
      length: ids.length,
    }))
    const vectors = createMatrix(texts.length, model.dimensions)
    let done = 0
    for (const batch of batchesByLength(tokens, mostRows)) {
      throwIfCancelled(signal)
      const inputs = batch.map((index) => tokens[index])
      // Without a single token there is nothing to run: an empty text whose tokenizer adds no special ones stays zero.
      if (inputs[0].length > 0) {
        const hidden = await graphVectors(session, model, inputs)
        const longest = model.pooling === 'graph' ? 1 : inputs[0].length
        batch.forEach((index, position) => {
          const [first, count] = pooledTokens(model.pooling, inputs[position].length)
          const vector = row(vectors, index)
          pool(hidden, position * longest + first, count, model.width, vector)
          requireFinite(normalizeInPlace(vector), model, texts[index])
        })
      }
      done += batch.length
      onProgress?.(done, texts.length)
    }
    return vectors
  }

  const { id, sha256, fingerprint, dimensions } = model
  return { id, sha256, fingerprint, dimensions, encode, dispose: () => session.release() }
}

/** First vector and number of vectors of a text that make its own; padding, at the right, is never among them. */
function pooledTokens(pooling: Pooling, length: number): [first: number, count: number] {
  if (pooling === 'cls' || pooling === 'graph') return [0, 1]
  return pooling === 'last' ? [Math.max(0, length - 1), 1] : [0, length]
}

/** Mean of `count` token vectors [width] from row `first` on, of which `out` takes the first components. */
function pool(hidden: Float32Array, first: number, count: number, width: number, out: Float32Array): void {
  if (count === 0) return
  for (let token = first; token < first + count; token++) {
    const from = token * width
    for (let c = 0; c < out.length; c++) out[c] += hidden[from + c]
  }
  for (let c = 0; c < out.length; c++) out[c] /= count
}

/** Token vectors [rows, longest, width], flat; of a graph that pools [rows, width]. */
async function graphVectors(
  session: TokenSession,
  model: ResolvedModel,
  inputs: readonly TokenRow[],
): Promise<Float32Array> {
  const { name, type, dims, data } = await session.run(inputs)
  const tokens = model.pooling === 'graph' ? [] : [inputs[0].ids.length]
  const expected = [inputs.length, ...tokens, model.width]
  if (String(dims) === String(expected)) {
    if (type === 'float32') return data as Float32Array
    if (type === 'float16') return widenHalves(halvesOf(data as HalfData), 'F16')
  }
  throw session.unsupported(
    `vectors [${expected.join(', ')}] as ${model.runner?.output ?? 'first output'}`,
    `${name} ${type} [${dims}]`,
  )
}

/** As bits, or as the numbers of the engine's own type where it has one. */
type HalfData =
  | Uint16Array
  | { readonly buffer: ArrayBuffer; readonly byteOffset: number; readonly length: number }

function halvesOf({ buffer, byteOffset, length }: HalfData): Uint16Array {
  return new Uint16Array(buffer, byteOffset, length)
}

/** A graph that declares another width than config.json is of another model: said before anything is encoded. */
function checkWidth(session: TokenSession, model: ResolvedModel): void {
  const columns = session.outputShape.at(-1)
  if (typeof columns !== 'number' || columns === model.width) return
  throw session.unsupported(
    `vectors of ${model.width} components, as config.json of this folder says`,
    `a graph that gives ${columns}`,
  )
}
