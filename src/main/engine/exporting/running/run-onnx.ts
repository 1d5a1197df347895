import * as ort from 'onnxruntime-node'
import { throwIfCancelled } from '../../../../shared/errors'
import { createMatrix, type Matrix } from '../../numeric/matrix'

/** Program and version, as certificates name it. */
export const ONNX_RUNTIME = `onnxruntime-node ${ort.env.versions.node ?? ort.env.versions.common}`

/** Vectors [n, d] through an ONNX file from vectors to vectors: [n, outputs]. */
export async function runOnnxHead(file: string, vectors: Matrix): Promise<Matrix> {
  const session = await ort.InferenceSession.create(file, { logSeverityLevel: 3 })
  try {
    const { rows, columns, data } = vectors
    const [input] = session.inputNames
    const answer = await session.run({ [input]: new ort.Tensor('float32', data, [rows, columns]) })
    return firstOutput(session, answer)
  } finally {
    await session.release()
  }
}

/**
 * Token ids through an ONNX file from texts to vectors, one text at a time: the scale of dynamic int8 weights is that of a
 * whole batch, so a text alone is what has one right answer. [n, outputs]
 */
export async function runOnnxTexts(
  file: string,
  tokens: readonly (readonly number[])[],
  signal?: AbortSignal,
): Promise<Matrix> {
  const session = await ort.InferenceSession.create(file, { logSeverityLevel: 3 })
  try {
    const rows: Matrix[] = []
    for (const ids of tokens) {
      throwIfCancelled(signal)
      const values: Readonly<Record<string, (i: number) => bigint>> = {
        input_ids: (i) => BigInt(ids[i]),
        attention_mask: () => 1n,
        token_type_ids: () => 0n,
        position_ids: (i) => BigInt(i),
      }
      const feeds = session.inputNames.map((name) => {
        const data = BigInt64Array.from({ length: ids.length }, (_, i) => values[name](i))
        return [name, new ort.Tensor('int64', data, [1, ids.length])] as const
      })
      rows.push(firstOutput(session, await session.run(Object.fromEntries(feeds))))
    }
    const columns = rows[0].columns
    const all = createMatrix(rows.length, columns)
    rows.forEach(({ data }, n) => {
      all.data.set(data, n * columns)
    })
    return all
  } finally {
    await session.release()
  }
}

function firstOutput(session: ort.InferenceSession, answer: ort.InferenceSession.ReturnType): Matrix {
  const { dims, data } = answer[session.outputNames[0]]
  return createMatrix(dims[0], dims[1], data as Float32Array)
}
