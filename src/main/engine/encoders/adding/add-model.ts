import { mkdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { cancelled, HydraError, throwIfCancelled } from '../../../../shared/errors'
import { SOURCE_FILE } from '../model-checksums'
import { hashFile, otherChecksum, readOptionalJson } from '../model-files'
import { type ResolvedModel, resolveModel } from '../model-folder'
import type { WeightsDtype } from '../model-name'
import { isCrossEncoder, staticPart } from '../model-settings'
import { openModelEncoder } from '../open-encoder'
import { generatorKind } from '../transformers/generator-kind'
import { generatorGraphs, type ResolvedGenerator, resolveGenerator } from '../transformers/generator-model'
import { openTransformersGenerator } from '../transformers/transformers-generator'
import { dataFiles, settingFiles, weightsFile } from './model-parts'
import type { ModelSource } from './model-source'

/** Below the models folder: what is being brought, by model and version. */
export const STAGING = '.adding'

const earlierSchema = z.looseObject({
  files: z.record(z.string(), z.looseObject({ sha256: z.string() })).optional(),
})

export interface AddModelOptions {
  readonly source: ModelSource
  /** `name` or `org/name`, a safe path below the models folder. */
  readonly id: string
  readonly modelsFolder: string
  readonly wanted: WeightsDtype | undefined
  readonly now: () => Date
  /** Throws away what was brought. */
  readonly signal: AbortSignal
  /** Keeps it for the next time. */
  readonly pause: AbortSignal
  readonly onProgress: (bytes: number, total: number) => void
  /** Scores a pair of texts with a cross-encoder, of which this folder knows nothing. */
  readonly tryPair: (folder: string, signal: AbortSignal) => Promise<void>
}

/**
 * Brings a model's files, holds them to their checksums, has a text read by them, and only then puts them under their name:
 * a model that can be named can be used. A lost connection or a pause leaves what was brought for the next attempt.
 */
export async function addModel(options: AddModelOptions): Promise<ResolvedModel | ResolvedGenerator> {
  const { source, id, modelsFolder, signal, pause, tryPair } = options
  const target = join(modelsFolder, ...id.split('/'))
  const staging = join(modelsFolder, STAGING, `${id.replace('/', '--')}-${source.version.slice(0, 12)}`)
  try {
    await bringFiles(options, staging)
    await ((await isCrossEncoder(staging)) ? tryPair(staging, signal) : tryModel(staging, signal))
    throwIfCancelled(signal)
    await mkdir(dirname(target), { recursive: true })
    await rename(staging, target)
    const writes = await generatorKind(target)
    return await (writes ? resolveGenerator(id, [modelsFolder]) : resolveModel(id, [modelsFolder]))
  } catch (error) {
    const stays = pause.aborted || (error instanceof HydraError && error.code === 'DOWNLOAD_FAILED')
    if (signal.aborted || !stays) await rm(staging, { recursive: true, force: true })
    if (signal.aborted) throw cancelled()
    throw pause.aborted ? stopped() : atSource(error, staging, source.where)
  } finally {
    // Empty unless another version or model is half there.
    await rmdir(join(modelsFolder, STAGING)).catch(() => undefined)
  }
}

async function bringFiles(options: AddModelOptions, staging: string): Promise<void> {
  const { source, wanted, now, onProgress } = options
  const stop = AbortSignal.any([options.signal, options.pause])
  const paths = [...source.files.keys()]
  const settings = settingFiles(paths)
  let chosen = settings
  let before = 0
  const bring = async (files: readonly string[]) => {
    const total = chosen.reduce((sum, path) => sum + (source.files.get(path) ?? 0), 0)
    for (const path of files) {
      throwIfCancelled(stop)
      const place = join(staging, ...path.split('/'))
      await mkdir(dirname(place), { recursive: true })
      await source.bring(
        path,
        place,
        (bytes) => onProgress(before + bytes, Math.max(total, before + bytes)),
        stop,
      )
      before += (await stat(place)).size
    }
  }
  await bring(settings)
  const { where } = source
  const weights = await weightsFiles(staging, paths, wanted, where)
  chosen = [...settings, ...weights]
  await bring(weights)
  for (const file of weights) {
    const data = await dataFiles(paths, { file, placed: join(staging, ...file.split('/')), where })
    const missing = data.filter((one) => !chosen.includes(one))
    chosen = [...chosen, ...missing]
    await bring(missing)
  }
  await writeSource(staging, chosen, source.where, now())
}

/** What its settings, which are there, ask for of the rest: a graph or a table, of a generator one or two graphs. */
async function weightsFiles(
  staging: string,
  paths: readonly string[],
  wanted: WeightsDtype | undefined,
  where: string,
): Promise<string[]> {
  const kind = await generatorKind(staging)
  if (kind) return generatorGraphs(new Set(paths), kind, { wanted, where }).files
  return [weightsFile(paths, { wanted, table: await staticPart(staging), where })]
}

/** SOURCE.json: where the model came from, and the checksums that its files are held to from now on. */
async function writeSource(staging: string, paths: readonly string[], from: string, at: Date): Promise<void> {
  const file = join(staging, SOURCE_FILE)
  // A copy of a checked folder is held to that folder's own list.
  const before = (await readOptionalJson(file, earlierSchema)) ?? {}
  const files: Record<string, { bytes: number; sha256: string }> = {}
  for (const path of paths) {
    if (path === SOURCE_FILE) continue
    const place = join(staging, ...path.split('/'))
    const sha256 = await hashFile(place)
    const published = before.files?.[path]?.sha256 ?? sha256
    if (published !== sha256) throw otherChecksum(place, path, published, sha256)
    files[path] = { bytes: (await stat(place)).size, sha256 }
  }
  const record = { version: 1, ...before, from, addedAt: at.toISOString(), files }
  await writeFile(file, `${JSON.stringify(record, null, 2)}\n`)
}

/** Opens the model and has it read a text: what is wrong with it is said now and not in the middle of a run. */
async function tryModel(folder: string, signal: AbortSignal): Promise<void> {
  if (await generatorKind(folder)) return tryGenerator(folder, signal)
  const model = await resolveModel(folder, [])
  const encoder = await openModelEncoder(model)
  try {
    await encoder.encode(['a text'], { signal })
  } finally {
    await encoder.dispose()
  }
}

async function tryGenerator(folder: string, signal: AbortSignal): Promise<void> {
  const writing = { perDocument: 1, seed: 1, prompt: null }
  const generator = await openTransformersGenerator(await resolveGenerator(folder, []), writing)
  try {
    await generator.generate(['a text'], { signal })
  } finally {
    await generator.dispose()
  }
}

/** The copy that a fault was found in is gone by now: the file is named where it came from. */
function atSource(error: unknown, staging: string, from: string): unknown {
  if (!(error instanceof HydraError)) return error
  const renamed = (text: string) => text.replaceAll(staging, from)
  const { expected, got, remedy, where } = error.detail
  const detail = {
    expected: renamed(expected),
    got: renamed(got),
    remedy,
    ...(where && { where: renamed(where) }),
  }
  return new HydraError(error.code, detail, { cause: error })
}

function stopped(): HydraError {
  return new HydraError('PAUSED', {
    expected: 'the download to finish',
    got: 'a request to pause',
    remedy: 'Add the model again: it goes on where it stopped.',
  })
}
