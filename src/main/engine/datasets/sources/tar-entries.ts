import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { extract } from 'tar-stream'
import { HydraError, throwIfCancelled } from '../../../../shared/errors'
import type { MakingContext } from './source-spec'

/** An entry that unpacks to more is passed over: no description of an API is as long. */
const LARGEST = 256 * 2 ** 20

/** Texts of a tarball compressed with gzip, one after the other as they come; nothing is unpacked to disk. @param wanted by name */
export async function* tarEntries(
  path: string,
  wanted: (name: string) => boolean,
  { signal, onProgress }: MakingContext,
): AsyncGenerator<{ name: string; text: string }> {
  const { size } = await stat(path)
  const file = createReadStream(path, { highWaterMark: 2 ** 18 })
  const entries = extract()
  const unpacked = pipeline(file, createGunzip(), entries, { signal })
  // Told by the reading below, too.
  unpacked.catch(() => undefined)
  try {
    for await (const entry of entries) {
      const { name, type, size: bytes = 0 } = entry.header
      if (type !== 'file' || bytes > LARGEST || !wanted(name)) {
        entry.resume()
        continue
      }
      const chunks: Buffer[] = []
      for await (const chunk of entry) chunks.push(chunk as Buffer)
      onProgress(file.bytesRead, size)
      yield { name, text: Buffer.concat(chunks).toString('utf8') }
    }
    await unpacked
  } catch (cause) {
    throwIfCancelled(signal)
    if (cause instanceof HydraError) throw cause
    throw new HydraError(
      'FILE_INVALID',
      {
        expected: 'a complete tarball, compressed with gzip',
        got: cause instanceof Error ? cause.message : String(cause),
        remedy: 'Fetch or copy it again.',
        where: path,
      },
      { cause },
    )
  } finally {
    file.destroy()
  }
}
