import { join } from 'node:path'
import { z } from 'zod'
import { HydraError } from '../../../../shared/errors'
import { readModelJson, readOptionalJson } from '../model-files'
import type { POOLINGS } from '../model-name'

/** `graph`: done before a vector leaves the graph. */
export type Pooling = (typeof POOLINGS)[number] | 'graph'

const modulesSchema = z.array(z.object({ path: z.string(), type: z.string() }))
const poolingSchema = z.record(z.string(), z.unknown())

export interface Module {
  /** Last part of its type: `Transformer`, `Pooling`, … */
  readonly kind: string
  readonly path: string
}

const POOLING_MODES: Readonly<Record<string, Pooling>> = {
  mean_tokens: 'mean',
  // Differs from the mean in length only, and every vector is scaled to unit length.
  mean_sqrt_len_tokens: 'mean',
  cls_token: 'cls',
  lasttoken: 'last',
  mean: 'mean',
  cls: 'cls',
}

/** The modules of a folder, null where it does not list any. */
export async function readModules(folder: string): Promise<Module[] | null> {
  const modules = await readOptionalJson(join(folder, 'modules.json'), modulesSchema)
  return modules?.map(({ type, path }) => ({ kind: type.split('.').pop() ?? type, path })) ?? null
}

export interface StatedPooling {
  readonly pooling: Pooling
  readonly seesPrompt: boolean
  /** Whether the model's files say it. */
  readonly stated: boolean
}

export const STATIC_POOLING: StatedPooling = { pooling: 'mean', seesPrompt: true, stated: true }

/** Of a graph that gives vectors of whole texts, whatever its folder says of pooling: all tokens are in them. */
export async function graphPooling(
  folder: string,
  modules: readonly Module[] | null,
): Promise<StatedPooling> {
  const path = placeOfPooling(modules)
  const json =
    path === undefined ? null : await readOptionalJson(join(folder, path, 'config.json'), poolingSchema)
  return { pooling: 'graph', seesPrompt: json?.include_prompt !== false, stated: true }
}

function placeOfPooling(modules: readonly Module[] | null): string | undefined {
  return modules ? modules.find(({ kind }) => kind === 'Pooling')?.path : '1_Pooling'
}

/** modules.json may hold Transformer, Pooling and Normalize; without it sentence-transformers takes the mean. */
export async function readPooling(folder: string, modules: readonly Module[] | null): Promise<StatedPooling> {
  const path = placeOfPooling(modules)
  if (path === undefined) {
    const kinds = modules?.map(({ kind }) => kind).join(', ')
    throw unsupported(folder, 'a Pooling module', `modules ${kinds}`)
  }
  const file = join(folder, path, 'config.json')
  // A module that is listed has its file; without a list there may be none.
  const json = modules
    ? await readModelJson(file, poolingSchema)
    : await readOptionalJson(file, poolingSchema)
  if (!json) return { pooling: 'mean', seesPrompt: true, stated: false }
  const flags = Object.keys(json).filter((key) => key.startsWith('pooling_mode_') && json[key] === true)
  const modes =
    typeof json.pooling_mode === 'string'
      ? [json.pooling_mode]
      : flags.map((key) => key.slice('pooling_mode_'.length))
  const pooling =
    modes.length === 1 && Object.hasOwn(POOLING_MODES, modes[0]) ? POOLING_MODES[modes[0]] : null
  if (!pooling)
    throw unsupported(file, 'mean, CLS or last-token pooling', modes.join(' and ') || 'no pooling mode')
  return { pooling, seesPrompt: json.include_prompt !== false || pooling !== 'mean', stated: true }
}

export function refuseForeign(modules: readonly Module[] | null, isStatic: boolean, folder: string): void {
  const known = isStatic ? ['StaticEmbedding', 'Normalize'] : ['Transformer', 'Pooling', 'Normalize']
  const foreign = modules?.find(({ kind }) => !known.includes(kind))
  if (foreign) throw unsupported(folder, `modules ${known.join(', ')}`, `a module ${foreign.kind}`)
}

export function unsupported(where: string, expected: string, got: string): HydraError {
  const remedy =
    'Use an encoder with mean, CLS or last-token pooling and no further layers, such as all-MiniLM-L6-v2.'
  return new HydraError('MODEL_UNSUPPORTED', { expected, got, remedy, where })
}
