import { basename } from 'node:path'
import { crc32 } from 'node:zlib'
import yauzl from 'yauzl'
import { HydraError } from '../../../../../shared/errors'
import type { SourceFile, SourceFiles } from '../dataset-layout'

/** A zip that unpacks to more is refused before anything of it is read. */
const LARGEST = 4 * 2 ** 30
const FILE_TYPE = 0o170000
const SYMBOLIC_LINK = 0o120000

/** The files of a zip, folders left out. All entries are checked, also those that no one would read; nothing is unpacked to disk by name. */
export async function openZip(path: string): Promise<SourceFiles> {
  // Names are decoded here and not by yauzl, which reports an unsafe name as any other fault of the file.
  const zip = await yauzl
    .openPromise(path, { lazyEntries: true, autoClose: false, decodeStrings: false })
    .catch((cause: unknown) => {
      throw invalid(path, cause)
    })
  try {
    const files = new Map<string, SourceFile>()
    let total = 0
    for await (const entry of entriesOf(zip, path)) {
      const name = yauzl.getFileNameLowLevel(
        entry.generalPurposeBitFlag,
        entry.fileNameRaw,
        entry.extraFields,
        false,
      )
      refuseUnsafe(entry, name, path)
      total += entry.uncompressedSize
      if (total > LARGEST) throw unsafe(path, `more than ${LARGEST / 2 ** 30} GiB when unpacked`)
      if (name.endsWith('/')) continue
      files.set(name, {
        where: `${basename(path)}/${name}`,
        bytes: entry.uncompressedSize,
        open: async () => unpack(zip, entry, `${path}, entry ${name}`),
      })
    }
    return { files, close: () => zip.close() }
  } catch (error) {
    zip.close()
    throw error
  }
}

async function* entriesOf(zip: yauzl.ZipFile, path: string): AsyncGenerator<yauzl.Entry> {
  try {
    yield* zip.eachEntry()
  } catch (cause) {
    throw cause instanceof HydraError ? cause : invalid(path, cause)
  }
}

async function* unpack(zip: yauzl.ZipFile, entry: yauzl.Entry, where: string): AsyncGenerator<Buffer> {
  let check = 0
  const stream = await zip.openReadStreamPromise(entry).catch((cause: unknown) => {
    throw invalid(where, cause)
  })
  const chunks: AsyncIterator<Buffer> = stream[Symbol.asyncIterator]()
  try {
    for (;;) {
      // Only the zip's own faults are caught here, not those of whoever reads the chunks.
      const next = await chunks.next().catch((cause: unknown) => {
        throw invalid(where, cause)
      })
      if (next.done) break
      check = crc32(next.value, check)
      yield next.value
    }
  } finally {
    stream.destroy()
  }
  if (check !== entry.crc32) throw invalid(where, new Error('checksum differs'))
}

function refuseUnsafe(entry: yauzl.Entry, name: string, path: string): void {
  // Backslashes are separators on Windows only, but no file needs one in a name.
  const refusal = yauzl.validateFileName(name.replaceAll('\\', '/'))
  if (refusal) throw unsafe(path, refusal)
  if (((entry.externalFileAttributes >>> 16) & FILE_TYPE) === SYMBOLIC_LINK) {
    throw unsafe(path, `a symbolic link: ${name}`)
  }
}

function unsafe(path: string, got: string): HydraError {
  return new HydraError('ZIP_UNSAFE', {
    expected: `plain files inside the zip's own folder, at most ${LARGEST / 2 ** 30} GiB unpacked`,
    got,
    remedy: 'Get it from a source that you trust, or unpack it yourself and name the folder.',
    where: path,
  })
}

function invalid(path: string, cause: unknown): HydraError {
  return new HydraError(
    'ZIP_INVALID',
    {
      expected: 'a complete zip file',
      got: cause instanceof Error ? cause.message : String(cause),
      remedy: 'Download or copy it again, or unpack it yourself and name the folder.',
      where: path,
    },
    { cause },
  )
}
