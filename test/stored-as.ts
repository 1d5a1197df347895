import type { FloatDtype } from '../src/main/engine/formats/floats'

interface Floats {
  readonly shape: readonly number[]
  readonly data: ArrayLike<number>
}

/** A safetensors file of floats in a dtype that the workbench reads and does not write. Values are rounded towards zero. */
export function storedAs(
  dtype: FloatDtype | string,
  tensors: Readonly<Record<string, Floats>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata }
  const parts: Uint8Array[] = []
  let offset = 0
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    const bytes = bytesOf(dtype, data)
    header[name] = { dtype, shape, data_offsets: [offset, offset + bytes.length] }
    offset += bytes.length
    parts.push(bytes)
  }
  const json = Buffer.from(JSON.stringify(header))
  const start = Buffer.alloc(8)
  start.writeBigUInt64LE(BigInt(json.length))
  return new Uint8Array(Buffer.concat([start, json, ...parts]))
}

function bytesOf(dtype: string, values: ArrayLike<number>): Uint8Array {
  if (dtype === 'F64') return new Uint8Array(Float64Array.from(values).buffer)
  const floats = Float32Array.from(values)
  if (dtype === 'F32') return new Uint8Array(floats.buffer)
  const words = new Uint32Array(floats.buffer)
  if (dtype === 'BF16') return new Uint8Array(Uint16Array.from(words, (word) => word >>> 16).buffer)
  if (dtype === 'F16') return new Uint8Array(Uint16Array.from(floats, half).buffer)
  return Uint8Array.from({ length: values.length }, () => 1)
}

/** Bits of the binary16 number nearest to zero's side of a value, by what they mean: sign, 2^(exponent − 15), 1.fraction. */
function half(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0
  const size = Math.abs(value)
  if (Number.isNaN(value)) return 0x7e00
  if (size >= 65520) return sign | 0x7c00
  if (size < 2 ** -14) return sign | Math.floor(size * 2 ** 24)
  const exponent = Math.floor(Math.log2(size))
  return sign | ((exponent + 15) << 10) | Math.floor((size / 2 ** exponent - 1) * 1024)
}
