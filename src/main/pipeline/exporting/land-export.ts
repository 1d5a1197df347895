import { createHash } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { HydraError } from '../../../shared/errors'
import { openZip } from '../../engine/datasets/importing/opening/zip-files'
import type { Proved } from '../../engine/exporting/certificate'
import { writeZip } from '../../engine/formats/zip-archive'
import { writeFolderAtomic } from '../../files/atomic-folder'
import { temporaryBeside, writeFileAtomic } from '../../files/atomic-write'

const CERTIFICATE = 'certificate.json'

interface LandedExport {
  readonly certificate: Proved
  readonly folder: string
  /** What one opens first. */
  readonly file: string
  /** Of all its files. */
  readonly bytes: number
  /** Below the folder. */
  readonly files: string[]
}

type Fill = (folder: string) => Promise<Proved>

/** @param main what one opens first, below the folder; null: the folder itself */
export async function writeExportFolder(
  folder: string,
  main: string | null,
  fill: Fill,
): Promise<LandedExport> {
  const certificate = await writeFolderAtomic(folder, fill)
  const own = (await readFile(join(folder, CERTIFICATE))).length
  return {
    certificate,
    folder,
    file: main === null ? folder : join(folder, main),
    bytes: Object.values(certificate.files).reduce((sum, { bytes }) => sum + bytes, own),
    files: [...Object.keys(certificate.files), CERTIFICATE],
  }
}

/** The same as one zip, whose entries are read back and held against the certificate before it appears. */
export async function writeZippedExport(file: string, fill: Fill): Promise<LandedExport> {
  await mkdir(dirname(file), { recursive: true })
  const staging = temporaryBeside(file)
  try {
    const content = join(staging, 'content')
    await mkdir(content, { recursive: true })
    const certificate = await fill(content)
    const entries = new Map<string, Uint8Array>()
    for (const path of [...Object.keys(certificate.files), CERTIFICATE])
      entries.set(path, await readFile(join(content, path)))
    const bytes = writeZip(entries, { compressed: true })
    const zip = join(staging, basename(file))
    await writeFile(zip, bytes)
    await checkEntries(zip, certificate)
    await writeFileAtomic(file, bytes)
    return { certificate, folder: dirname(file), file, bytes: bytes.length, files: [basename(file)] }
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
}

async function checkEntries(zip: string, { files }: Proved): Promise<void> {
  const opened = await openZip(zip)
  try {
    for (const [path, { sha256 }] of Object.entries(files)) {
      const hash = createHash('sha256')
      for await (const chunk of (await opened.files.get(path)?.open()) ?? []) hash.update(chunk)
      const got = hash.digest('hex')
      if (got !== sha256) throw otherEntry(path, sha256, got)
    }
  } finally {
    opened.close()
  }
}

function otherEntry(path: string, expected: string, got: string): HydraError {
  return new HydraError('EXPORT_DIFFERS', {
    expected: `${path} in the zip with sha256 ${expected}`,
    got,
    remedy: 'Nothing was written. Check the disk and export again.',
  })
}
