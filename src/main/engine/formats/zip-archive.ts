import { type Zippable, zipSync } from 'fflate'

/** Of every entry, so that the same files give the same bytes: a zip knows no time before 1980. */
const MODIFIED = new Date(1980, 0, 1)

/** Files by path as a zip. @param compressed off: entries are stored as they are, as `numpy.savez` does */
export function writeZip(
  files: ReadonlyMap<string, Uint8Array>,
  { compressed }: { readonly compressed: boolean },
): Uint8Array {
  const entries: Zippable = Object.fromEntries(files)
  return zipSync(entries, { level: compressed ? 6 : 0, mtime: MODIFIED })
}
