import { existsSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { toHydraError } from '../../shared/errors'
import { type ModelRecord, remoteServiceSchema } from '../../shared/schemas/model'
import { SOURCE_FILE } from '../engine/encoders/model-checksums'
import { isCrossEncoder } from '../engine/encoders/model-settings'
import { REMOTE_FILE } from '../engine/encoders/remote/remote-record'
import { resolveEncoder } from '../engine/encoders/remote/resolve-encoder'
import { generatorKind } from '../engine/encoders/transformers/generator-kind'
import { resolveGenerator } from '../engine/encoders/transformers/generator-model'
import { isSafeId } from '../workspace/paths'
import { modelRoots } from './model-roots'

/** Every model that can be named: those of the application, then the workspace's own, by name. */
export async function listModels(places: {
  readonly appRoot: string
  readonly workspace: string
}): Promise<ModelRecord[]> {
  const records: ModelRecord[] = []
  for (const [place, root] of modelRoots(places).entries()) {
    for (const id of await modelIds(root)) {
      // The first of a name is the one that is opened.
      if (records.some((one) => one.id === id)) continue
      records.push(await modelRecord(id, root, place === 0 ? 'application' : 'workspace'))
    }
  }
  return records
}

/** `name` or `org/name`, each part a safe name: what may stand below a models folder. */
export function isModelId(id: string): boolean {
  const parts = id.split('/')
  return parts.length <= 2 && parts.every(isSafeId)
}

async function modelIds(root: string): Promise<string[]> {
  const ids: string[] = []
  for (const name of await foldersOf(root)) {
    if (isModel(join(root, name))) ids.push(name)
    else {
      const inside = await foldersOf(join(root, name))
      ids.push(...inside.map((one) => `${name}/${one}`).filter((id) => isModel(join(root, id))))
    }
  }
  return ids.sort()
}

const isModel = (folder: string) =>
  ['config.json', 'modules.json', REMOTE_FILE].some((file) => existsSync(join(folder, file)))

async function foldersOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return entries.filter((one) => !one.name.startsWith('.') && !one.isFile()).map(({ name }) => name)
}

async function modelRecord(id: string, root: string, origin: ModelRecord['origin']): Promise<ModelRecord> {
  const folder = join(root, id)
  const about = { id, origin, folder, bytes: await bytesOf(folder), ...(await sourceOf(folder)) }
  const writes = await generatorKind(folder).catch(() => null)
  try {
    if (writes) {
      const { kind, dtype: weights, sha256 } = await resolveGenerator(id, [root])
      return {
        ...about,
        use: 'generator',
        runner: { by: 'transformers.js', why: 'it writes text' },
        settings: { kind, weights, sha256 },
        problem: null,
      }
    }
    const model = await resolveEncoder(id, [root])
    if (model.kind === 'remote') {
      const service = remoteServiceSchema.strip().parse(model.record)
      const { kind, sha256, dimensions } = model
      return {
        ...about,
        from: service.url,
        use: 'encoder',
        runner: null,
        settings: { kind, service, sha256, dimensions },
        problem: null,
      }
    }
    const { kind, dtype: weights, sha256, dimensions, maxTokens, pooling, prefixes } = model
    const runner = model.runner && { by: model.runner.by, why: model.runner.why }
    const use = (await isCrossEncoder(folder)) ? ('cross-encoder' as const) : ('encoder' as const)
    const assumed = model.assumed.map((one) => ({ ...one }))
    const settings = { kind, weights, sha256, dimensions, maxTokens, pooling, prefixes, assumed }
    return { ...about, use, runner, settings, problem: null }
  } catch (thrown) {
    const use = writes ? ('generator' as const) : ('encoder' as const)
    return { ...about, use, runner: null, settings: null, problem: toHydraError(thrown).message }
  }
}

async function bytesOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const sizes = entries.map((one) => stat(join(one.parentPath, one.name)).catch(() => null))
  return (await Promise.all(sizes)).reduce((sum, found) => sum + (found?.isFile() ? found.size : 0), 0)
}

/** Where it came from and its licence: SOURCE.json says both, a model card of the hub the licence. */
async function sourceOf(folder: string): Promise<Pick<ModelRecord, 'from' | 'licence'>> {
  const source = await readFile(join(folder, SOURCE_FILE), 'utf8')
    .then((text): Record<string, unknown> => JSON.parse(text))
    .catch(() => ({}) as Record<string, unknown>)
  const text = (...keys: string[]) =>
    keys.map((key) => source[key]).find((value): value is string => typeof value === 'string') ?? null
  return { from: text('from', 'hub'), licence: text('licence', 'license') ?? (await licenceOfCard(folder)) }
}

/** `license:` of the front matter of README.md, as the hub has it. */
async function licenceOfCard(folder: string): Promise<string | null> {
  const card = await readFile(join(folder, 'README.md'), 'utf8').catch(() => '')
  const [, matter] = /^---\r?\n([\s\S]*?)\r?\n---/.exec(card) ?? []
  return /^license:[ \t]*["']?([^"'\r\n]+?)["']?[ \t]*$/m.exec(matter ?? '')?.[1] ?? null
}
