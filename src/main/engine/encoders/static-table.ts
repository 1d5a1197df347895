import { open, readFile } from 'node:fs/promises'
import { HydraError } from '../../../shared/errors'
import {
  readSafetensors,
  readSafetensorsHeader,
  safetensorsDataStart,
  type TensorEntry,
} from '../formats/safetensors'
import type { Matrix } from '../numeric/matrix'

/** A static model's token vectors lie in it. */
export const TABLE_FILE = 'model.safetensors'

/** What model2vec and sentence-transformers call the table. */
const NAMES = ['embeddings', 'embedding.weight']

/** Columns of the table, from the file's header alone. */
export async function readTableShape(path: string): Promise<number> {
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
    return tableEntry(readSafetensorsHeader(header, path, size).tensors, path)[1].shape[1]
  } finally {
    await file.close()
  }
}

/** One vector a token id, [vocabulary, width]. */
export async function readTable(path: string): Promise<Matrix> {
  const bytes = await readFile(path)
  const [name] = tableEntry(readSafetensorsHeader(bytes, path).tensors, path)
  const { shape, data } = readSafetensors(bytes, path).tensors[name]
  return { rows: shape[0], columns: shape[1], data: data as Float32Array }
}

function tableEntry(tensors: Readonly<Record<string, TensorEntry>>, path: string): [string, TensorEntry] {
  const entries = Object.entries(tensors)
  const found = entries.find(([name]) => NAMES.includes(name))
  if (found && entries.length === 1 && found[1].dtype === 'F32' && found[1].shape.length === 2) return found
  const got = entries.map(([name, { dtype, shape }]) => `${name} ${dtype} [${shape}]`).join(', ')
  throw noTable(path, got || 'no tensor')
}

function noTable(path: string, got: string): HydraError {
  return new HydraError('MODEL_UNSUPPORTED', {
    expected: `one table of token vectors in float32, ${NAMES.join(' or ')} [vocabulary, dimensions]`,
    got,
    remedy: 'Use a static model that is neither quantised nor pruned, or save it again in float32.',
    where: path,
  })
}
