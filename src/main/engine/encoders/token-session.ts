import * as ort from 'onnxruntime-node'
import { HydraError, throwIfCancelled } from '../../../shared/errors'

/** Token ids of one input and, where the model reads two texts, which of them each token belongs to (0 when left out). */
export interface TokenRow {
  readonly ids: readonly number[]
  readonly types?: readonly number[]
}

/** An ONNX graph from tokens to numbers, on one thread of this process. */
export interface TokenSession {
  /** Shape of the output that is read, as the graph declares it; a dimension that varies is a name. */
  readonly outputShape: readonly (number | string)[]
  /** That output for one batch, padded at the right to the length of the first row, which is the longest. */
  run(
    rows: readonly TokenRow[],
  ): Promise<{ name: string; type: string; dims: readonly number[]; data: unknown }>
  unsupported(expected: string, got: string): HydraError
  release(): Promise<void>
}

/** Inputs that tokens give; each graph takes some of them. */
export const KNOWN_INPUTS = ['input_ids', 'attention_mask', 'token_type_ids', 'position_ids']

/** Numbers that are read of a graph; the processor makes none in half precision. */
const READ_TYPES: readonly string[] = ['float32', 'float16']

/**
 * @param weights path of the ONNX file  @param remedy what to do where the graph is of another kind
 * @param runtime ONNX Runtime's name of the execution provider
 */
export async function openTokenSession(
  weights: string,
  remedy: string,
  runtime = 'cpu',
): Promise<TokenSession> {
  const unsupported = (expected: string, got: string) =>
    new HydraError('MODEL_UNSUPPORTED', { expected, got, remedy, where: weights })
  const session = await ort.InferenceSession.create(weights, {
    executionProviders: [runtime],
    // DirectML asks for it, and it does nothing elsewhere that is worth its memory.
    enableMemPattern: runtime === 'cpu',
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 3,
  }).catch((cause: unknown) => {
    // Of a graph that the processor may well run, nothing is said by a provider that does not start.
    if (runtime !== 'cpu') throw cause
    const got = cause instanceof Error ? cause.message : String(cause)
    throw unsupported('an ONNX graph that ONNX Runtime can run', got)
  })
  const foreign = session.inputNames.find((name) => !KNOWN_INPUTS.includes(name))
  if (foreign) {
    await session.release()
    throw unsupported(`inputs among ${KNOWN_INPUTS.join(', ')}`, `an input ${foreign}`)
  }
  const [name] = session.outputNames
  const [declared] = session.outputMetadata
  const read = runtime === 'cpu' ? READ_TYPES.slice(0, 1) : READ_TYPES
  if (declared?.isTensor && !read.includes(declared.type)) {
    await session.release()
    throw unsupported('a graph that gives float32 numbers', `${name} of ${declared.type}`)
  }
  return {
    outputShape: declared?.isTensor ? declared.shape : [],
    async run(rows) {
      const { type, dims, data } = (await session.run(feedsOf(session, rows)))[name]
      return { name, type, dims, data }
    },
    unsupported,
    release: () => session.release(),
  }
}

/** Values of the inputs that graphs of tokens have, [rows, length] each, padded at the right. */
export function paddedInputs(rows: readonly TokenRow[]): Readonly<Record<string, BigInt64Array>> {
  const length = rows[0].ids.length
  const [ids, mask, types, positions] = KNOWN_INPUTS.map(() => new BigInt64Array(rows.length * length))
  rows.forEach((row, r) => {
    for (let t = 0; t < row.ids.length; t++) {
      ids[r * length + t] = BigInt(row.ids[t])
      types[r * length + t] = BigInt(row.types?.[t] ?? 0)
      positions[r * length + t] = BigInt(t)
    }
    mask.fill(1n, r * length, r * length + row.ids.length)
  })
  return { input_ids: ids, attention_mask: mask, token_type_ids: types, position_ids: positions }
}

function feedsOf(session: ort.InferenceSession, rows: readonly TokenRow[]): Record<string, ort.Tensor> {
  const shape = [rows.length, rows[0].ids.length]
  return Object.fromEntries(
    Object.entries(paddedInputs(rows))
      .filter(([input]) => session.inputNames.includes(input))
      .map(([input, data]) => [input, new ort.Tensor('int64', data, shape)]),
  )
}

/** Tokens of every item; the event loop gets its turn each `slice` items. */
export async function tokenizeAll<Item, Tokens>(
  items: readonly Item[],
  tokenize: (item: Item) => Tokens,
  slice: number,
  signal: AbortSignal | undefined,
): Promise<Tokens[]> {
  const tokens: Tokens[] = []
  for (const item of items) {
    if (tokens.length % slice === 0) {
      await new Promise((done) => setImmediate(done))
      throwIfCancelled(signal)
    }
    tokens.push(tokenize(item))
  }
  return tokens
}
