import { HydraError } from '../../../shared/errors'

/**
 * The safetensors format (https://github.com/huggingface/safetensors#format): 8 bytes little-endian header length,
 * a JSON header padded with spaces to a multiple of 8 bytes, then the tensors' little-endian bytes without holes.
 * Files are byte for byte those of the Python package. F32, I32 and U8 are read as they are;
 * foreign floats are widened by `readFloats` (floats.ts).
 */
type SafetensorsDtype = 'F32' | 'I32' | 'F16' | 'I8' | 'U8'

export type Tensor =
  | { readonly dtype: 'F32'; readonly shape: readonly number[]; readonly data: Float32Array }
  | { readonly dtype: 'I32'; readonly shape: readonly number[]; readonly data: Int32Array }
  | { readonly dtype: 'U8'; readonly shape: readonly number[]; readonly data: Uint8Array }

/** What can be written. F16 as the bits of its numbers. */
export type WrittenTensor =
  | Tensor
  | { readonly dtype: 'F16'; readonly shape: readonly number[]; readonly data: Uint16Array }
  | { readonly dtype: 'I8'; readonly shape: readonly number[]; readonly data: Int8Array }

export interface TensorEntry {
  /** As the file says it: of these many the workbench reads few. */
  readonly dtype: string
  readonly shape: readonly number[]
  /** Bytes [begin, end) of the file. */
  readonly begin: number
  readonly end: number
}

export interface SafetensorsHeader {
  readonly metadata: Readonly<Record<string, string>>
  readonly tensors: Readonly<Record<string, TensorEntry>>
  /** Byte at which the first tensor starts; always a multiple of 8 in files that we write. */
  readonly dataStart: number
}

export interface Safetensors {
  readonly metadata: Readonly<Record<string, string>>
  readonly tensors: Readonly<Record<string, Tensor>>
}

/** Of what is written. `order`: the Python package lays tensors out by descending dtype, then by name, which keeps each one aligned. */
const ORDER: Readonly<Record<SafetensorsDtype, number>> = { F32: 4, I32: 3, F16: 2, I8: 1, U8: 0 }
/** What is read. */
const READ: readonly string[] = ['F32', 'I32', 'U8'] satisfies Tensor['dtype'][]

/** Bits of a value, for every dtype of the format; what a newer one may add is not held to a size. */
const BITS: Readonly<Record<string, number>> = {
  ...{ F64: 64, I64: 64, U64: 64, C64: 64, F32: 32, I32: 32, U32: 32, F16: 16, BF16: 16, I16: 16, U16: 16 },
  ...{ F8_E5M2: 8, F8_E4M3: 8, F8_E8M0: 8, I8: 8, U8: 8, BOOL: 8, F6_E2M3: 6, F6_E3M2: 6, F4: 4 },
}

/** The reference implementation's own limit. */
const MAX_HEADER_BYTES = 100_000_000

export function writeSafetensors(
  tensors: Readonly<Record<string, WrittenTensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const layout = Object.entries(tensors).sort(
    ([nameA, a], [nameB, b]) =>
      ORDER[b.dtype] - ORDER[a.dtype] || Buffer.compare(Buffer.from(nameA), Buffer.from(nameB)),
  )
  // Built by hand: an object would move integer-like names to the front.
  const members: string[] = []
  const keys = Object.keys(metadata).sort()
  if (keys.length > 0) {
    const pairs = keys.map((key) => `${JSON.stringify(key)}:${JSON.stringify(metadata[key])}`)
    members.push(`"__metadata__":{${pairs.join(',')}}`)
  }
  let offset = 0
  for (const [name, { dtype, shape, data }] of layout) {
    if (name === '__metadata__') throw new RangeError('a tensor cannot be called __metadata__')
    if (elements(shape) !== data.length) {
      throw new RangeError(`tensor ${name} [${shape}] needs ${elements(shape)} values, got ${data.length}`)
    }
    const end = offset + data.byteLength
    const info = `{"dtype":"${dtype}","shape":[${shape.join(',')}],"data_offsets":[${offset},${end}]}`
    members.push(`${JSON.stringify(name)}:${info}`)
    offset = end
  }
  const json = Buffer.from(`{${members.join(',')}}`)
  const headerBytes = Math.ceil(json.length / 8) * 8
  const out = new Uint8Array(8 + headerBytes + offset)
  out.fill(0x20, 8, 8 + headerBytes)
  out.set(json, 8)
  new DataView(out.buffer).setBigUint64(0, BigInt(headerBytes), true)
  let position = 8 + headerBytes
  for (const [, { data }] of layout) {
    out.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), position)
    position += data.byteLength
  }
  return out
}

/** All tensors, as views of `bytes` where alignment allows. `where` names the file in errors. */
export function readSafetensors(bytes: Uint8Array, where = 'safetensors'): Safetensors {
  const header = readSafetensorsHeader(bytes, where)
  const tensors = Object.fromEntries(
    Object.entries(header.tensors).map(([name, entry]) => [name, tensorAt(bytes, name, entry, where)]),
  )
  return { metadata: header.metadata, tensors }
}

/**
 * The header alone, checked: `bytes` is the file or a beginning of it that holds the whole header, `fileBytes` the
 * file's size.
 */
export function readSafetensorsHeader(
  bytes: Uint8Array,
  where = 'safetensors',
  fileBytes = bytes.length,
): SafetensorsHeader {
  const fail = (expected: string, got: string): never => {
    throw new HydraError('FILE_INVALID', {
      expected,
      got,
      remedy: 'The file is damaged or not in safetensors format: make or fetch it again.',
      where,
    })
  }
  const dataStart = safetensorsDataStart(bytes, where)
  if (dataStart > bytes.length) fail(`a header of ${dataStart - 8} bytes`, `a file of ${bytes.length} bytes`)

  let header: unknown
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, dataStart)))
  } catch (error) {
    return fail('a JSON header', error instanceof Error ? error.message : String(error))
  }
  if (!isObject(header)) return fail('a JSON object as header', JSON.stringify(header).slice(0, 60))

  const { __metadata__: rawMetadata = {}, ...rest } = header
  if (!isObject(rawMetadata) || Object.values(rawMetadata).some((value) => typeof value !== 'string')) {
    fail('__metadata__ from strings to strings', JSON.stringify(rawMetadata).slice(0, 60))
  }
  const entries = Object.entries(rest).map(([name, info]): [string, TensorEntry] => {
    const { dtype, shape, data_offsets: offsets } = isObject(info) ? info : {}
    if (typeof dtype !== 'string') return fail(`a dtype for tensor ${name}`, JSON.stringify(dtype) ?? 'none')
    if (!isSizes(shape)) return fail(`a shape for tensor ${name}`, JSON.stringify(shape) ?? 'none')
    if (!isSizes(offsets) || offsets.length !== 2) {
      return fail(`data_offsets [begin, end] for tensor ${name}`, JSON.stringify(offsets) ?? 'none')
    }
    const [begin, end] = offsets
    const size = Object.hasOwn(BITS, dtype) ? Math.ceil((elements(shape) * BITS[dtype]) / 8) : end - begin
    if (end - begin !== size) fail(`${size} bytes for tensor ${name} [${shape}]`, `${end - begin}`)
    return [name, { dtype, shape, begin: dataStart + begin, end: dataStart + end }]
  })
  // No holes, no overlap, nothing after the last tensor: the format's own rule against hidden bytes.
  let position = dataStart
  for (const [name, { begin, end }] of [...entries].sort(
    (a, b) => a[1].begin - b[1].begin || a[1].end - b[1].end,
  )) {
    if (begin !== position) fail(`tensor ${name} at byte ${position}`, `byte ${begin}`)
    position = end
  }
  if (position !== fileBytes) fail(`a file of ${position} bytes`, `${fileBytes} bytes`)
  return {
    metadata: rawMetadata as Record<string, string>,
    tensors: Object.fromEntries(entries),
    dataStart,
  }
}

/** Where the tensors start, from the file's first 8 bytes: how much to read for `readSafetensorsHeader`. */
export function safetensorsDataStart(bytes: Uint8Array, where = 'safetensors'): number {
  const got = bytes.length < 8 ? null : new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true)
  if (got !== null && got >= 2n && got <= BigInt(MAX_HEADER_BYTES)) return 8 + Number(got)
  throw new HydraError('FILE_INVALID', {
    expected: `a safetensors header of 2 to ${MAX_HEADER_BYTES} bytes`,
    got: got === null ? `a file of ${bytes.length} bytes` : `${got} bytes`,
    remedy: 'The file is damaged or not in safetensors format: make or fetch it again.',
    where,
  })
}

function tensorAt(bytes: Uint8Array, name: string, entry: TensorEntry, where: string): Tensor {
  const { dtype, shape, begin, end } = entry
  if (!isDtype(dtype)) {
    throw new HydraError('FILE_INVALID', {
      expected: `tensor ${name} of dtype ${READ.join(', ')}, as the workbench writes it`,
      got: dtype,
      remedy: 'Save the tensor again in one of these, or make the file anew.',
      where,
    })
  }
  const raw = bytes.subarray(begin, end)
  // Never a Buffer, whose methods differ.
  if (dtype === 'U8') return { dtype, shape, data: new Uint8Array(raw.buffer, raw.byteOffset, raw.length) }
  // Not raw.slice(): of a Buffer that would be a view again.
  const { buffer, byteOffset } = raw.byteOffset % 4 === 0 ? raw : new Uint8Array(raw)
  const length = (end - begin) / 4
  return dtype === 'F32'
    ? { dtype, shape, data: new Float32Array(buffer, byteOffset, length) }
    : { dtype, shape, data: new Int32Array(buffer, byteOffset, length) }
}

function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isDtype(value: string): value is Tensor['dtype'] {
  return READ.includes(value)
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0)
}
