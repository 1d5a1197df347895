import { createHash, randomBytes } from 'node:crypto'
import { copyFile, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { HydraError } from '../../../../shared/errors'
import { type DatasetRecord, datasetSchema, INCOMING_PREFIX } from '../../../../shared/schemas/dataset'
import { compareUtf8 } from '../../formats/compare-utf8'

/** Files of a dataset being written. */
export interface DatasetWriter {
  /** Opens `path` (relative, separated by `/`) for writing from its start. */
  create(path: string): Promise<DatasetFile>
  /** Copies a file beside the data that is no part of the dataset's identity (a licence). */
  copy(from: string, path: string): Promise<void>
}

export interface DatasetFile {
  write(text: string): Promise<void>
  close(): Promise<void>
}

/**
 * Writes a dataset as a whole or not at all: into `<datasets>/.incoming-*`, then one rename. `fill` writes the files and
 * returns the record; its `sha256` is added here: the digest of the lines `<sha256>  <path>` (as sha256sum prints them) of
 * all files in order of path. @param replace whether a dataset of that id goes when the new one is whole
 */
export async function writeDataset(
  datasetsFolder: string,
  id: string,
  fill: (writer: DatasetWriter) => Promise<Omit<DatasetRecord, 'sha256'>>,
  replace = false,
): Promise<DatasetRecord> {
  const target = join(datasetsFolder, id)
  if (!replace && (await stat(target).catch(() => null))) throw existsAlready(id)
  const incoming = join(datasetsFolder, `${INCOMING_PREFIX}${id}-${randomBytes(4).toString('hex')}`)
  await mkdir(incoming, { recursive: true })
  const openFiles = new Set<DatasetFile>()
  try {
    const digests = new Map<string, string>()
    const record = await fill({
      async create(path) {
        const file = await createDatasetFile(join(incoming, path), (sha256) => {
          digests.set(path, sha256)
          openFiles.delete(file)
        })
        openFiles.add(file)
        return file
      },
      copy: (from, path) => copyFile(from, join(incoming, path)),
    })
    const manifest = [...digests]
      .sort(([a], [b]) => compareUtf8(a, b))
      .map(([path, sha256]) => `${sha256}  ${path}\n`)
    const complete = datasetSchema.parse({
      ...record,
      sha256: createHash('sha256').update(manifest.join('')).digest('hex'),
    })
    const file = await createDatasetFile(join(incoming, 'dataset.json'), () => {})
    await file.write(`${JSON.stringify(complete, null, 2)}\n`)
    await file.close()
    if (replace) await moveAway(target)
    await rename(incoming, target).catch((cause: NodeJS.ErrnoException) => {
      throw cause.code === 'ENOTEMPTY' || cause.code === 'EEXIST' ? existsAlready(id) : cause
    })
    return complete
  } catch (error) {
    for (const file of openFiles) await file.close().catch(() => {})
    await rm(incoming, { recursive: true, force: true })
    throw error
  }
}

/** Out of the way first, since a rename replaces no folder that holds something; the old files go at the same time. */
async function moveAway(target: string): Promise<void> {
  const old = join(dirname(target), `${INCOMING_PREFIX}old-${randomBytes(4).toString('hex')}`)
  const isThere = await rename(target, old).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false
      throw error
    },
  )
  if (isThere) await rm(old, { recursive: true, force: true })
}

async function createDatasetFile(path: string, onClose: (sha256: string) => void): Promise<DatasetFile> {
  await mkdir(dirname(path), { recursive: true })
  const handle = await open(path, 'w')
  const hash = createHash('sha256')
  return {
    async write(text) {
      const bytes = Buffer.from(text)
      hash.update(bytes)
      await handle.writeFile(bytes)
    },
    async close() {
      try {
        await handle.sync()
      } finally {
        await handle.close()
      }
      onClose(hash.digest('hex'))
    },
  }
}

function existsAlready(id: string): HydraError {
  return new HydraError('DATASET_EXISTS', {
    expected: 'an id that is free',
    got: `a dataset "${id}" in the workspace`,
    remedy: 'Give another id, or replace the dataset.',
    command: 'hydra datasets import SOURCE --id ID, or --replace',
  })
}
