import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { LRUCache } from 'lru-cache'
import type { Coding } from './accepted-coding'

/** Bytes of bodies kept in memory: several times the whole window. */
const KEPT_BYTES = 16 * 2 ** 20
/** A body below this fits one packet as it is. */
const SMALLEST = 1024
/**
 * Measured on the window's own scripts: quality 5 is 5 to 8 % smaller than gzip and takes 25 ms a megabyte, so it is made when it
 * is first asked for; 11 would save another 12 % and take a second and a half.
 */
const QUALITY = 5

const compress = {
  br: (body: Buffer) =>
    promisify(brotliCompress)(body, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
      },
    }),
  gzip: (body: Buffer) => promisify(gzip)(body),
} satisfies Record<Coding, (body: Buffer) => Promise<Buffer>>

export interface EncodedFile {
  readonly body: Buffer
  /** Null: the bytes as they are on disk. */
  readonly coding: Coding | null
  /** Strong, so each coding has its own. */
  readonly etag: string
}

interface Wanted {
  readonly path: string
  readonly coding: Coding | null
}

/** Files as they go over the line, each read and compressed once; `version` is what changes with the file. */
export function createEncodedFiles(): (
  wanted: Wanted & { readonly version: string },
) => Promise<EncodedFile> {
  const files = new LRUCache<string, EncodedFile, Wanted>({
    maxSize: KEPT_BYTES,
    sizeCalculation: ({ body }) => body.length + 1,
    // One that is being made is made once, however many ask.
    fetchMethod: (_, __, { context }) => encode(context),
  })
  return ({ version, ...wanted }) =>
    files.forceFetch(`${wanted.coding} ${version} ${wanted.path}`, { context: wanted })
}

async function encode({ path, coding }: Wanted): Promise<EncodedFile> {
  const bytes = await readFile(path)
  const used = bytes.length < SMALLEST ? null : coding
  const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 22)
  return {
    body: used ? await compress[used](bytes) : bytes,
    coding: used,
    etag: `"${hash}${used ? `-${used}` : ''}"`,
  }
}
