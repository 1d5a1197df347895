import { LAYER_NORM_EPSILON } from '../../hypernet/head'
import { createMatrix, type Matrix } from '../../numeric/matrix'

/** Arrays of a file, as a reader that knows nothing of heads finds them. */
export type NamedArrays = ReadonlyMap<
  string,
  { readonly shape: readonly number[]; readonly data: Float32Array }
>

/**
 * The formula that a head's file states, on the arrays of that file, in float64 and with nothing of the engine: what a
 * stranger would write. [n, d] to [n, outputs], unit rows.
 * @param prefix `documents.` for the documents' head
 */
export function runPlainHead(arrays: NamedArrays, prefix: string, { rows, columns, data }: Matrix): Matrix {
  const array = (name: string) => arrays.get(prefix + name)
  const weight = array('W')
  const bias = array('b')
  if (!weight || !bias) throw new RangeError(`no arrays ${prefix}W and ${prefix}b`)
  const [outputs, d] = weight.shape
  if (d !== columns) throw new RangeError(`${prefix}W of ${d} columns, vectors of ${columns}`)
  const [scale, shift] = [array('norm.scale'), array('norm.shift')]
  const out = createMatrix(rows, outputs)
  for (let n = 0; n < rows; n++) {
    let y = Array.from({ length: outputs }, (_, i) => {
      let sum = bias.data[i]
      for (let j = 0; j < d; j++) sum += weight.data[i * d + j] * data[n * d + j]
      return sum
    })
    if (scale && shift) {
      const mean = y.reduce((sum, value) => sum + value, 0) / outputs
      const variance = y.reduce((sum, value) => sum + (value - mean) ** 2, 0) / outputs
      y = y.map(
        (value, i) =>
          ((value - mean) / Math.sqrt(variance + LAYER_NORM_EPSILON)) * scale.data[i] + shift.data[i],
      )
    }
    const length = Math.hypot(...y)
    for (let i = 0; i < outputs; i++) out.data[n * outputs + i] = y[i] / length
  }
  return out
}
