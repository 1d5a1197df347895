import type { NamedArrays } from './plain-head'

/** float32 tensors of a safetensors file: a second reader of the format, from its description alone. */
export function readSafetensorsArrays(bytes: Uint8Array): NamedArrays {
  const file = Buffer.from(bytes)
  const start = 8 + Number(file.readBigUInt64LE(0))
  const header = JSON.parse(file.toString('utf8', 8, start)) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >
  return new Map(
    Object.entries(header)
      .filter(([, { dtype }]) => dtype === 'F32')
      .map(
        ([
          name,
          {
            shape,
            data_offsets: [begin, end],
          },
        ]) => [name, { shape, data: float32s(file.subarray(start + begin, start + end)) }],
      ),
  )
}

const CENTRAL_ENTRY = 0x02014b50
const END = 0x06054b50

/** float32 arrays of an .npz whose entries are stored, by way of the zip's central directory (PKWARE's APPNOTE 4.3). */
export function readNpzArrays(bytes: Uint8Array): NamedArrays {
  const file = Buffer.from(bytes)
  const arrays = new Map<string, { shape: number[]; data: Float32Array }>()
  const end = file.length - 22
  if (end < 0 || file.readUInt32LE(end) !== END) throw new RangeError('no end of a zip directory')
  let at = file.readUInt32LE(end + 16)
  for (let left = file.readUInt16LE(end + 10); left > 0; left--) {
    if (file.readUInt32LE(at) !== CENTRAL_ENTRY || file.readUInt16LE(at + 10) !== 0)
      throw new RangeError('an entry that is not stored')
    const size = file.readUInt32LE(at + 24)
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((field) => file.readUInt16LE(at + field))
    const name = file.toString('utf8', at + 46, at + 46 + nameBytes)
    const local = file.readUInt32LE(at + 42)
    const data = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28)
    const array = readNpyArray(file.subarray(data, data + size))
    if (array) arrays.set(name.replace(/\.npy$/, ''), array)
    at += 46 + nameBytes + extraBytes + commentBytes
  }
  return arrays
}

/** Null for an array of another dtype than float32. */
function readNpyArray(file: Buffer): { shape: number[]; data: Float32Array } | null {
  const start = 10 + file.readUInt16LE(8)
  const header = file.toString('latin1', 10, start)
  if (!header.includes("'descr': '<f4', 'fortran_order': False")) return null
  const [, sizes] = /'shape': \(([\d, ]+)\)/.exec(header) as RegExpExecArray
  const shape = sizes.split(',').flatMap((size) => (size.trim() ? Number(size) : []))
  return { shape, data: float32s(file.subarray(start)) }
}

/** A copy, since values in a file need not lie at a multiple of 4 bytes. */
function float32s(bytes: Uint8Array): Float32Array {
  return new Float32Array(Uint8Array.from(bytes).buffer)
}
