import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'

/** What a published file is held to; `git` is the blob hash that git gives a file. */
export interface Checksum {
  readonly kind: 'sha512' | 'sha256' | 'md5' | 'git'
  /** Lower case. */
  readonly hex: string
}

/** How long a file is, and its checksum of a kind, read once from its beginning. */
export async function checksumOfFile(
  path: string,
  kind: Checksum['kind'],
): Promise<Checksum & { readonly bytes: number }> {
  const { size: bytes } = await stat(path)
  const hash = createHash(kind === 'git' ? 'sha1' : kind)
  if (kind === 'git') hash.update(`blob ${bytes}\0`)
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk)
  return { kind, hex: hash.digest('hex'), bytes }
}

/** `sha256 94c5…` */
export function checksumWords({ kind, hex }: Checksum): string {
  return `${kind === 'git' ? 'git blob hash' : kind} ${hex}`
}
