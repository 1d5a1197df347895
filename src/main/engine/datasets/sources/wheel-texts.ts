import { gunzipSync } from 'node:zlib'
import { throwIfCancelled } from '../../../../shared/errors'
import { openZip } from '../importing/opening/zip-files'
import type { MakingContext } from './source-spec'

/**
 * Texts of a Python wheel, which is a zip, in the order of their paths; what ends in `.gz` comes unpacked. Nothing is
 * unpacked to disk. @param wanted by path
 */
export async function* wheelTexts(
  path: string,
  wanted: (path: string) => boolean,
  { signal, onProgress }: MakingContext,
): AsyncGenerator<{ path: string; text: string }> {
  const zip = await openZip(path)
  try {
    const found = [...zip.files].filter(([entry]) => wanted(entry)).sort(([a], [b]) => (a < b ? -1 : 1))
    const total = found.reduce((sum, [, file]) => sum + file.bytes, 0)
    let done = 0
    for (const [entry, file] of found) {
      throwIfCancelled(signal)
      const chunks: Buffer[] = []
      for await (const chunk of await file.open()) chunks.push(chunk)
      const content = Buffer.concat(chunks)
      done += file.bytes
      onProgress(done, total)
      yield { path: entry, text: (entry.endsWith('.gz') ? gunzipSync(content) : content).toString('utf8') }
    }
  } finally {
    zip.close()
  }
}
