import type { PublishedFile, SourceSpec } from './source-spec'

/** What a person should know before anything is fetched: licence, version, how much and from where. */
export function sourceTerms({ licence, version, files }: SourceSpec): string {
  return `Licence: ${licence}. Version: ${version}. Made of ${files.map(fileTerms).join(' and ')}.`
}

function fileTerms({ name, bytes, checksum, from }: PublishedFile): string {
  const places = { beir: 'BEIR’s archive', npm: 'npm', pip: 'PyPI, by pip' }
  const size = bytes === null ? '' : `, ${(bytes / 1e6).toFixed(1)} MB`
  return `${name} from ${places[from.kind]} (${checksum.kind} ${checksum.hex.slice(0, 12)}…${size})`
}
