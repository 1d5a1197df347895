import { join } from 'node:path'
import { z } from 'zod'
import { hashFile, otherChecksum, readOptionalJson } from './model-files'

/** Where a model came from and what its files are held to. */
export const SOURCE_FILE = 'SOURCE.json'

const sourceSchema = z.object({
  files: z.record(z.string(), z.object({ bytes: z.number(), sha256: z.string() })),
})
type ModelSourceRecord = z.infer<typeof sourceSchema>

/** Always checked. Of several variants of weights only the chosen one is: the others need not be there. */
const SETTINGS_FILE = /\.(json|txt|md|jinja)$|(^|\/)(LICEN[CS]E|NOTICE)$/

export function isSettingsFile(file: string): boolean {
  return SETTINGS_FILE.test(file)
}

/** null where nothing is known of the folder. */
export function readSource(folder: string): Promise<ModelSourceRecord | null> {
  return readOptionalJson(join(folder, SOURCE_FILE), sourceSchema)
}

/** Holds the chosen ones of the published files to their checksums, which it gives by file. */
export async function verifyFiles(
  folder: string,
  source: ModelSourceRecord | null,
  chosen: (file: string) => boolean,
): Promise<Map<string, string>> {
  const verified = new Map<string, string>()
  for (const [file, published] of Object.entries(source?.files ?? {})) {
    if (!chosen(file)) continue
    const path = join(folder, file)
    const got = await hashFile(path)
    if (got !== published.sha256) throw otherChecksum(path, file, published.sha256, got)
    verified.set(file, got)
  }
  return verified
}

/** sha256 of each file, in their order: of the weights, then of the data beside them. @param verified those that are known */
export async function hashWeights(
  folder: string,
  files: readonly string[],
  verified: ReadonlyMap<string, string>,
): Promise<string[]> {
  const hashes: string[] = []
  for (const file of files) hashes.push(verified.get(file) ?? (await hashFile(join(folder, file))))
  return hashes
}
