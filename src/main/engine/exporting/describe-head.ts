import { open } from 'node:fs/promises'
import { readSafetensorsHeader, safetensorsDataStart } from '../formats/safetensors'
import { type HeadOrigin, readHeadHeader } from './head-file'

export interface HeadDescription {
  readonly origin: HeadOrigin
  /** Of the file. */
  readonly bytes: number
  /** Of W: [outputs, d]. */
  readonly shape: readonly number[]
  /** Whether documents go through a head, too. */
  readonly documents: boolean
}

/** What a head file says of itself; of its tensors nothing is read. @throws HEAD_INVALID, FILE_INVALID */
export async function describeHead(path: string): Promise<HeadDescription> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const read = async (length: number) => {
      const bytes = Buffer.alloc(Math.min(length, size))
      await file.read(bytes, 0, bytes.length, 0)
      return bytes
    }
    const header = readSafetensorsHeader(await read(safetensorsDataStart(await read(8), path)), path, size)
    return { ...readHeadHeader(header, path), bytes: size }
  } finally {
    await file.close()
  }
}
