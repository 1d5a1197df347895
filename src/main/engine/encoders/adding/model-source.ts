import { createWriteStream } from 'node:fs'
import { copyFile, readdir, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { HydraError } from '../../../../shared/errors'
import { openZip } from '../../datasets/importing/opening/zip-files'

/** A model before it is added: its files by their path in it (separated by `/`), wherever they lie. */
export interface ModelSource {
  /** As errors and SOURCE.json name it. */
  readonly where: string
  /** Hash of what is there, where that is known: half of a download is only good for the rest of the same. */
  readonly version: string
  /** Size in bytes where it is known, by path. */
  readonly files: ReadonlyMap<string, number | null>
  /** Brings one file to `target`, whose folder exists. @param onBytes bytes of it that are there */
  bring(path: string, target: string, onBytes: (bytes: number) => void, signal: AbortSignal): Promise<void>
  close(): void
}

/** A folder or a zip on this machine. */
export async function localModelSource(path: string): Promise<ModelSource> {
  const found = await stat(path).catch(() => null)
  if (found?.isDirectory()) return folderModelSource(path)
  if (found) return zipModelSource(path)
  throw new HydraError('FILE_MISSING', {
    expected: 'the folder or zip of a model',
    got: `nothing at ${path}`,
    remedy: 'Check the path; a model of the hub is named ORG/NAME.',
  })
}

async function folderModelSource(folder: string): Promise<ModelSource> {
  const files = new Map<string, number>()
  // Settings lie at the top, the rest one folder below.
  for (const prefix of ['', ...(await foldersIn(folder))]) {
    for (const entry of await readdir(join(folder, prefix))) {
      const place = join(folder, prefix, entry)
      const found = await stat(place).catch(() => null)
      if (found?.isFile()) files.set(relative(folder, place).split(sep).join('/'), found.size)
    }
  }
  return {
    where: folder,
    version: 'folder',
    files,
    async bring(path, target, onBytes) {
      await copyFile(join(folder, path), target)
      onBytes(files.get(path) ?? 0)
    },
    close() {},
  }
}

async function foldersIn(folder: string): Promise<string[]> {
  const names = await readdir(folder)
  const kinds = await Promise.all(names.map((name) => stat(join(folder, name)).catch(() => null)))
  return names.filter((name, i) => kinds[i]?.isDirectory() && !name.startsWith('.'))
}

async function zipModelSource(path: string): Promise<ModelSource> {
  const zip = await openZip(path)
  const root = [...zip.files.keys()]
    .map((name) => /^((?:[^/]+\/)?)(?:config|modules)\.json$/.exec(name)?.[1])
    .filter((one) => one !== undefined && !one.startsWith('__MACOSX'))
    .sort()[0]
  if (root === undefined) {
    zip.close()
    throw new HydraError('MODEL_MISSING', {
      expected: 'config.json at the top of the zip or in one folder',
      got: 'none',
      remedy: 'Zip the folder of one model in Hugging Face layout.',
      where: path,
    })
  }
  const files = new Map(
    [...zip.files]
      .filter(([name]) => name.startsWith(root))
      .map(([name, { bytes }]) => [name.slice(root.length), bytes]),
  )
  return {
    where: path,
    version: 'zip',
    files,
    async bring(name, target, onBytes, signal) {
      const chunks = await zip.files.get(root + name)!.open()
      await pipeline(chunks, createWriteStream(target), { signal })
      onBytes(files.get(name) ?? 0)
    },
    close: zip.close,
  }
}
