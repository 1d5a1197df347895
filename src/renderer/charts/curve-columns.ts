import type { SystemCurve } from '../../shared/schemas/runs/training-curves'

/** One quantity of one trained system, as typed columns of equal length. */
export interface CurveColumns {
  readonly system: string
  readonly steps: number
  /** There are more points than these. */
  readonly thinned: boolean
  readonly step: Int32Array
  readonly seconds: Float32Array
  readonly value: Float32Array
}

/** Reads the columns of `runs.curves`. */
export function curveColumns({ system, steps, thinned, step, seconds, value }: SystemCurve): CurveColumns {
  return {
    system,
    steps,
    thinned,
    step: new Int32Array(bytesOf(step)),
    seconds: new Float32Array(bytesOf(seconds)),
    value: new Float32Array(bytesOf(value)),
  }
}

function bytesOf(base64: string): ArrayBuffer {
  const text = atob(base64)
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i)
  return bytes.buffer
}

/** x and y in turn, as a chart reads long series. */
export function interleaved(x: ArrayLike<number>, y: ArrayLike<number>): Float64Array {
  const out = new Float64Array(2 * x.length)
  for (let i = 0; i < x.length; i++) {
    out[2 * i] = x[i]
    out[2 * i + 1] = y[i]
  }
  return out
}
