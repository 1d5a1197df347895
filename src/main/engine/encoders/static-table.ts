import { open, readFile } from 'node:fs/promises'
import { HydraError } from '../../../shared/errors'
import { FLOAT_DTYPES, type FloatDtype, isFloatDtype, readFloats } from '../formats/floats'
import { readSafetensorsHeader, safetensorsDataStart, type TensorEntry } from '../formats/safetensors'
import { firstNonFinite } from '../numeric/finite'
import { createMatrix, type Matrix } from '../numeric/matrix'
import type { WeightsFormat } from './model-name'

/** A static model's token vectors lie in it. */
export const TABLE_FILE = 'model.safetensors'

/** What model2vec and sentence-transformers call the table. */
const NAMES = ['embeddings', 'embedding.weight']

const FORMATS: Readonly<Record<FloatDtype, WeightsFormat>> = {
  F32: 'fp32',
  F16: 'fp16',
  BF16: 'bf16',
  F64: 'fp64',
}

type TableEntry = TensorEntry & { readonly dtype: FloatDtype }

export interface TableShape {
  readonly rows: number
  readonly columns: number
  readonly format: WeightsFormat
}

/** From the file's header alone. */
export async function readTableShape(path: string): Promise<TableShape> {
  const file = await open(path).catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === 'ENOENT' ? noTable(path, 'no such file') : cause
  })
  try {
    const { size } = await file.stat()
    const beginning = async (bytes: number) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0)
      return buffer.subarray(0, bytesRead)
    }
    const header = await beginning(safetensorsDataStart(await beginning(8), path))
    const { shape, dtype } = tableEntry(readSafetensorsHeader(header, path, size).tensors, path)
    return { rows: shape[0], columns: shape[1], format: FORMATS[dtype] }
  } finally {
    await file.close()
  }
}

/** One vector a token id, [vocabulary, width], in float32 whatever it is stored in. */
export async function readTable(path: string): Promise<Matrix> {
  const bytes = await readFile(path)
  const entry = tableEntry(readSafetensorsHeader(bytes, path).tensors, path)
  const [rows, columns] = entry.shape
  const data = readFloats(bytes, entry)
  const ill = firstNonFinite(data)
  if (ill === null) return createMatrix(rows, columns, data)
  throw new HydraError('MODEL_CORRUPT', {
    expected: `a table [${rows}, ${columns}] of finite numbers`,
    got: ill,
    remedy: 'Fetch the file again; if it stays so, the model itself is not sound: use another.',
    where: path,
  })
}

function tableEntry(tensors: Readonly<Record<string, TensorEntry>>, path: string): TableEntry {
  const entries = Object.entries(tensors)
  const [, found] = entries.find(([name]) => NAMES.includes(name)) ?? []
  if (found && entries.length === 1 && isFloatDtype(found.dtype) && found.shape.length === 2) {
    return { ...found, dtype: found.dtype }
  }
  const got = entries.map(([name, { dtype, shape }]) => `${name} ${dtype} [${shape}]`).join(', ')
  throw noTable(path, got || 'no tensor')
}

function noTable(path: string, got: string): HydraError {
  return new HydraError('MODEL_UNSUPPORTED', {
    expected: `one table of token vectors, ${NAMES.join(' or ')} [vocabulary, dimensions], of dtype ${Object.keys(FLOAT_DTYPES).join(', ')}`,
    got,
    remedy:
      'Use the model without integer or vocabulary quantisation, or save it again: StaticModel.from_pretrained(ID, quantize_to="float32").save_pretrained(FOLDER).',
    where: path,
  })
}
