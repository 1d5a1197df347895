import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { HydraError } from '../../../shared/errors'
import type { PublishedFile, SourceSpec } from '../../engine/datasets/sources/source-spec'
import { checksumOfFile, checksumWords } from '../../files/checksum'
import { downloadFile } from '../../files/download-file'
import { workspacePaths } from '../../workspace/paths'
import { fetchThrough } from '../fetch-through'
import type { OperationContext } from '../operation'
import { progressMeter } from '../progress-meter'
import { fetchPackage } from './package-client'
import { beirAddress, otherFile, publishedRemote } from './published-remote'

/**
 * The published files of a source, whole and with their checksums, in its order: those that a person gives, those that an
 * earlier attempt brought, and the rest fetched.
 * @param given paths of files that a person has
 */
export async function bringFiles(
  source: SourceSpec,
  given: readonly string[],
  context: OperationContext,
): Promise<string[]> {
  const own = await matchGiven(source, given)
  const folder = workspacePaths(context.workspace).published(source.name)
  const paths: string[] = []
  for (const file of source.files) {
    const path = own.get(file) ?? join(folder, file.name)
    if (!own.has(file) && !(await isPublished(path, file))) {
      await mkdir(folder, { recursive: true })
      await fetchFile(file, path, byHand(source), context)
    }
    paths.push(path)
  }
  return paths
}

/** What was fetched for a source is needed no more. */
export async function forgetFiles(source: SourceSpec, { workspace }: OperationContext): Promise<void> {
  await rm(workspacePaths(workspace).published(source.name), { recursive: true, force: true })
}

/** Which published file each given one is, by its checksum, whatever it is called. @throws SOURCE_CORRUPT for one that is none */
async function matchGiven(source: SourceSpec, given: readonly string[]): Promise<Map<PublishedFile, string>> {
  const own = new Map<PublishedFile, string>()
  for (const path of given) {
    if (!(await stat(path).catch(() => null))?.isFile()) throw noFile(path)
    let published: PublishedFile | undefined
    for (const file of source.files) if (await isPublished(path, file)) published = file
    if (!published) throw await notOfSource(source, path)
    own.set(published, path)
  }
  return own
}

/** False too where nothing is there. */
async function isPublished(path: string, { bytes, checksum }: PublishedFile): Promise<boolean> {
  const found = await stat(path).catch(() => null)
  if (!found?.isFile() || (bytes !== null && found.size !== bytes)) return false
  return (await checksumOfFile(path, checksum.kind)).hex === checksum.hex
}

async function fetchFile(
  file: PublishedFile,
  target: string,
  instead: ReturnType<typeof byHand>,
  context: OperationContext,
): Promise<void> {
  const { bytes, checksum, from, name } = file
  const { signal, emit, now } = context
  const meter = progressMeter({ phase: `fetch ${name}`, unit: 'bytes', emit, now })
  // Under its own name lies something else.
  await rm(target, { force: true })
  if (from.kind === 'beir') {
    const remote = publishedRemote(await fetchThrough(process.env), instead)
    const onBytes = (done: number) => meter(done, Math.max(bytes ?? 0, done))
    const address = beirAddress(from, process.env)
    return downloadFile({ remote, address, bytes, checksum, target, onBytes, signal })
  }
  meter(0, bytes ?? 0)
  const folder = `${target}.fetching`
  await mkdir(folder, { recursive: true })
  try {
    await fetchPackage(from, folder, instead, context)
    const came = join(folder, name)
    if (!(await isPublished(came, file))) {
      const found = await checksumOfFile(came, checksum.kind).catch(() => null)
      const got = found ? `${found.bytes} bytes, ${checksumWords(found)}` : 'no file of that name'
      throw otherFile(name, `${bytes} bytes, ${checksumWords(checksum)}`, got, instead)
    }
    await rename(came, target)
    meter(bytes ?? 0, bytes ?? 0)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** How a person brings the files, where they cannot be fetched. */
function byHand({ name, files }: SourceSpec): { remedy: string; command: string } {
  const names = files.map((file) => file.name)
  return {
    remedy: `Or bring ${names.join(' and ')} from elsewhere, and name ${names.length === 1 ? 'the file' : 'the files'} with the source.`,
    command: ['hydra datasets import', name, ...names.map((one) => `--from ${one}`)].join(' '),
  }
}

function noFile(path: string): HydraError {
  return new HydraError('FILE_MISSING', {
    expected: 'a published file of the source',
    got: `no file at ${path}`,
    remedy: 'Check the path.',
  })
}

async function notOfSource({ name, version, files }: SourceSpec, path: string): Promise<HydraError> {
  const { kind } = files[0].checksum
  const found = await checksumOfFile(path, kind)
  return new HydraError('SOURCE_CORRUPT', {
    expected: files.map((file) => `${file.name} with ${checksumWords(file.checksum)}`).join(', or '),
    got: `${basename(path)}, ${found.bytes} bytes with ${checksumWords(found)}`,
    remedy: `Give the file of ${version}, whole, or leave it out and have it fetched.`,
    command: `hydra datasets import ${name}`,
    where: path,
  })
}
