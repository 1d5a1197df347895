import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { access, readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { z } from 'zod'
import { HydraError } from '../../../shared/errors'

/** A JSON file of a model folder, null where it is not there. */
export async function readOptionalJson<T>(path: string, schema: z.ZodType<T>): Promise<T | null> {
  return (await exists(path)) ? await readModelJson(path, schema) : null
}

export async function readModelJson<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  if (!(await exists(path))) throw missingFile(path)
  let parsed: z.ZodSafeParseResult<T>
  try {
    parsed = schema.safeParse(JSON.parse(await readFile(path, 'utf8')))
  } catch (error) {
    throw malformed(path, error instanceof Error ? error.message : String(error))
  }
  if (!parsed.success) throw malformed(path, z.prettifyError(parsed.error).replaceAll('\n', ' '))
  return parsed.data
}

/** sha256 of a file, in hex. */
export async function hashFile(path: string): Promise<string> {
  if (!(await exists(path))) throw missingFile(path)
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk)
  return hash.digest('hex')
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

function missingFile(path: string): HydraError {
  return new HydraError('MODEL_MISSING', {
    expected: `the file ${path}`,
    got: 'no such file',
    remedy: 'Fetch the model again; this file is part of it.',
    where: path,
  })
}

export function otherChecksum(path: string, file: string, expected: string, got: string): HydraError {
  return new HydraError('MODEL_CORRUPT', {
    expected: `${file} with sha256 ${expected}`,
    got: `sha256 ${got}`,
    remedy: 'Restore this file from where the model came from (SOURCE.json says where).',
    where: path,
  })
}

function malformed(path: string, got: string): HydraError {
  return new HydraError('MODEL_CORRUPT', {
    expected: `${basename(path)} as sentence-transformers writes it`,
    got,
    remedy: 'Fetch this file again from where the model came from.',
    where: path,
  })
}
