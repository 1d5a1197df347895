import { open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, gunzipSync, constants as zlib } from 'node:zlib'
import { HydraError } from '../../../../../shared/errors'
import type { SourceFile } from '../dataset-layout'

/** More is refused while it is unpacked, as from a zip. */
const LARGEST = 4 * 2 ** 30
/** A tar archive says so here: POSIX ends the word with a zero, GNU with two spaces and a zero. `mustard` may stand here, too. */
const TAR_MARK = 257
const TAR_WORD = /^ustar( {2})?\0/
const HEAD = 512

export interface FileKind {
  readonly name: string
  readonly remedy: string
}

const unpack = (how: string) => `Unpack it (${how}) and import what is in it.`
export const PARQUET: FileKind = {
  name: 'Parquet, as the Hugging Face hub keeps data sets',
  remedy:
    'Write it as JSON lines: in Python, datasets.load_dataset(NAME, "corpus")["corpus"].to_json("corpus.jsonl"), the queries alike, and the judgments with to_csv(…, sep="\\t", index=False) as qrels/<split>.tsv.',
}
const TAR: FileKind = { name: 'a tar archive', remedy: unpack('tar xf FILE') }
const GZIP: FileKind = { name: 'one gzip-compressed file', remedy: unpack('gunzip FILE') }
const ZIP: FileKind = { name: 'a zip', remedy: unpack('unzip FILE') }

/** By how a file begins, in hex: more of it than letters, since a line of text may begin with `PAR1` or `BZh9`, too. */
const BEGINNINGS: readonly (readonly [RegExp, FileKind])[] = [
  [/^1f8b/, GZIP],
  [/^504b(0304|0506)/, ZIP],
  [
    /^425a683.(314159265359|177245385090)/,
    { name: 'compressed with bzip2', remedy: unpack('bunzip2 FILE, tar xjf FILE') },
  ],
  [/^fd377a585a00/, { name: 'compressed with xz', remedy: unpack('unxz FILE, tar xJf FILE') }],
  [/^28b52ffd/, { name: 'compressed with Zstandard', remedy: unpack('unzstd FILE') }],
  [/^377abcaf271c/, { name: 'a 7z archive', remedy: unpack('7z x FILE') }],
  [/^526172211a07/, { name: 'a RAR archive', remedy: unpack('unrar x FILE') }],
  [/^50415231(0[0-8]|1)/, PARQUET],
  [/^4152524f57310000/, { ...PARQUET, name: 'Arrow, as the datasets package caches it' }],
  [/^(fffe|feff)/, { name: 'text in UTF-16', remedy: 'Save it as UTF-8 and import again.' }],
  [
    /^76657273696f6e2068747470733a2f2f6769742d6c66732e/,
    { name: 'a pointer of Git LFS and not the file', remedy: 'Fetch the file: git lfs pull.' },
  ],
]

/** What a file is by how it begins; null: text, or nobody knows. */
function kindOf(head: Buffer): FileKind | null {
  const hex = head.subarray(0, 32).toString('hex')
  if (TAR_WORD.test(head.subarray(TAR_MARK, TAR_MARK + 8).toString('latin1'))) return TAR
  return BEGINNINGS.find(([beginning]) => beginning.test(hex))?.[1] ?? null
}

/** What a file is that should be a zip; null: a zip, or nobody knows. */
export async function kindOfArchive(path: string): Promise<FileKind | null> {
  const handle = await open(path)
  try {
    const head = Buffer.alloc(2 ** 16)
    const { bytesRead } = await handle.read(head, 0, head.length, 0)
    const kind = kindOf(head.subarray(0, bytesRead))
    if (kind !== GZIP) return kind === ZIP ? null : kind
    return isTar(head.subarray(0, bytesRead)) ? { ...TAR, name: 'a tar archive, compressed with gzip' } : GZIP
  } finally {
    await handle.close()
  }
}

function isTar(gzipped: Buffer): boolean {
  try {
    return kindOf(gunzipSync(gzipped, { finishFlush: zlib.Z_SYNC_FLUSH })) === TAR
  } catch {
    return false
  }
}

/** A data file as text: what is compressed with gzip is unpacked as it is read, and what is no text is refused by name. */
export function asText(file: SourceFile): SourceFile {
  return { ...file, open: async () => textChunks(await file.open(), file.where) }
}

/** The same of what a file gives, chunk by chunk. */
export async function* textChunks(chunks: AsyncIterable<Buffer>, where: string): AsyncGenerator<Buffer> {
  const iterator = chunks[Symbol.asyncIterator]()
  let head = Buffer.alloc(0)
  async function* whole() {
    yield head
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value
  }
  try {
    while (head.length < HEAD) {
      const next = await iterator.next()
      if (next.done) break
      head = Buffer.concat([head, next.value])
    }
    const kind = kindOf(head)
    if (kind === GZIP) yield* unzipped(whole(), where)
    else if (kind) throw refused(kind, where)
    else yield* whole()
  } finally {
    await iterator.return?.()
  }
}

async function* unzipped(chunks: AsyncIterable<Buffer>, where: string): AsyncGenerator<Buffer> {
  const gunzip = createGunzip()
  const read = pipeline(Readable.from(chunks), gunzip)
  // Told by the reading below, too.
  read.catch(() => {})
  let total = 0
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      total += chunk.length
      if (total > LARGEST) throw tooLarge(where)
      yield chunk
    }
  } catch (cause) {
    throw cause instanceof Error && 'code' in cause && String(cause.code).startsWith('Z_')
      ? damaged(where, cause)
      : cause
  } finally {
    gunzip.destroy()
  }
}

function refused({ name, remedy }: FileKind, where: string): HydraError {
  return new HydraError('FILE_INVALID', {
    expected: 'text in UTF-8, plain or gzipped',
    got: name,
    remedy,
    where,
  })
}

function damaged(where: string, cause: Error): HydraError {
  return new HydraError(
    'FILE_INVALID',
    {
      expected: 'a complete gzip file',
      got: cause.message,
      remedy: 'Download or copy it again.',
      where,
    },
    { cause },
  )
}

function tooLarge(where: string): HydraError {
  return new HydraError('ZIP_UNSAFE', {
    expected: `at most ${LARGEST / 2 ** 30} GiB unpacked`,
    got: 'more',
    remedy: 'Get it from a source that you trust, or unpack it yourself.',
    where,
  })
}
