#!/usr/bin/env node
// Sends query vectors through an exported head, with Node alone: copy this file into a service that asks an index.
//
//   node examples/use-head.mjs heads/scifact-scifact-safetensors/scifact-scifact.safetensors queries.npy adapted.npy
//
// queries.npy: little-endian float32 [n, d] as numpy.save writes it, unit rows, from the encoder that the head names (it is
// printed). adapted.npy: float32 [n, outputs], unit rows: ask your index for these. Documents stay as they are, unless the
// head was trained with --side both or separate: then it says so, and --documents sends document vectors through theirs.

import { readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'

const UNIT_TOLERANCE = 1e-3
const LAYER_NORM_EPSILON = 1e-5

/** A safetensors file: 8 bytes header length, a JSON header, then the tensors. All of a head's are F32. */
async function readSafetensors(path) {
  const file = await readFile(path)
  const start = file.length < 8 ? Number.NaN : 8 + Number(file.readBigUInt64LE(0))
  if (!(start <= file.length))
    throw new Error(`${path}: expected a safetensors file, got another or half of one`)
  const { __metadata__: metadata = {}, ...entries } = JSON.parse(file.toString('utf8', 8, start))
  const tensors = Object.fromEntries(
    Object.entries(entries).map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [begin, end],
        },
      ]) => {
        if (dtype !== 'F32' || start + end > file.length)
          throw new Error(`${path}: expected all of ${name} as F32, got ${dtype} in ${file.length} bytes`)
        return [name, { shape, data: float32s(file.subarray(start + begin, start + end)) }]
      },
    ),
  )
  return { metadata, tensors }
}

/** The tensors under `prefix`: '' for queries, 'documents.' for documents. */
async function loadHead(path, prefix) {
  const { metadata, tensors } = await readSafetensors(path)
  if (metadata.format !== 'hydra-head' || !tensors.W)
    throw new Error(
      `${path}: expected a head that \`hydra export\` wrote, got tensors ${Object.keys(tensors)}`,
    )
  const weight = tensors[`${prefix}W`]
  if (!weight) throw new Error(`${path}: the head does not change documents; index their vectors as they are`)
  if (!prefix && tensors['documents.W'])
    console.error('The head changes documents too: send theirs through with --documents.')
  const [outputs, d] = weight.shape
  return {
    encoder: metadata.encoder,
    outputs,
    d,
    weight: weight.data,
    bias: tensors[`${prefix}b`].data,
    scale: tensors[`${prefix}norm.scale`]?.data,
    shift: tensors[`${prefix}norm.shift`]?.data,
  }
}

/** normalize(W x + b) with layer normalisation in between where the head has it: [d] to [outputs]. */
function applyHead({ outputs, d, weight, bias, scale, shift }, x) {
  const y = Float64Array.from(bias)
  for (let i = 0; i < outputs; i++) for (let j = 0; j < d; j++) y[i] += weight[i * d + j] * x[j]
  if (scale) {
    const mean = y.reduce((sum, value) => sum + value, 0) / outputs
    const variance = y.reduce((sum, value) => sum + (value - mean) ** 2, 0) / outputs
    for (let i = 0; i < outputs; i++)
      y[i] = ((y[i] - mean) / Math.sqrt(variance + LAYER_NORM_EPSILON)) * scale[i] + shift[i]
  }
  const length = Math.hypot(...y)
  return y.map((value) => value / length)
}

/** Rows of float32 [n, d] with unit length; anything else would give vectors that look right and are not. */
async function readVectors(path, d) {
  const file = await readFile(path)
  if (file.toString('latin1', 0, 6) !== '\x93NUMPY')
    throw new Error(`${path}: expected a .npy file, got another`)
  const start = file[6] === 1 ? 10 + file.readUInt16LE(8) : 12 + file.readUInt32LE(8)
  const header = file.toString('latin1', 10, start)
  const shape = /'shape': \((\d+), (\d+)\)/.exec(header)
  if (!header.includes("'descr': '<f4', 'fortran_order': False") || Number(shape?.[2]) !== d)
    throw new Error(`${path}: expected little-endian float32 [n, ${d}] in C order, got ${header.trim()}`)
  const values = float32s(file.subarray(start))
  const rows = Array.from({ length: Number(shape[1]) }, (_, n) => values.subarray(n * d, (n + 1) * d))
  for (const [n, row] of rows.entries()) {
    const length = Math.hypot(...row)
    if (!(Math.abs(length - 1) <= UNIT_TOLERANCE))
      throw new Error(`${path}: expected rows of length 1, got ${length} in row ${n}; normalise them first`)
  }
  return rows
}

/** .npy, version 1.0: the header is padded so that the values start at a multiple of 64 bytes. */
function encodeNpy(rows, columns) {
  const dict = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows.length}, ${columns}), }`
  const header = Buffer.from(`${dict.padEnd(Math.ceil((dict.length + 11) / 64) * 64 - 11)}\n`, 'latin1')
  const magic = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, header.length & 255, header.length >> 8])
  const values = new Float32Array(rows.length * columns)
  for (const [n, row] of rows.entries()) values.set(row, n * columns)
  return Buffer.concat([magic, header, Buffer.from(values.buffer)])
}

/** A copy, since values in a file need not lie at a multiple of 4 bytes. */
function float32s(bytes) {
  return new Float32Array(Uint8Array.from(bytes).buffer)
}

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { documents: { type: 'boolean', default: false } },
  })
  if (positionals.length !== 3)
    throw new Error('usage: node use-head.mjs HEAD.safetensors VECTORS.npy OUT.npy [--documents]')
  const [headFile, vectorFile, out] = positionals
  const head = await loadHead(headFile, values.documents ? 'documents.' : '')
  const vectors = await readVectors(vectorFile, head.d)
  const adapted = vectors.map((x) => applyHead(head, x))
  await writeFile(out, encodeNpy(adapted, head.outputs))
  console.log(`${adapted.length} vectors of ${head.outputs} numbers in ${out}, for ${head.encoder}`)
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
