import { writeSafetensors } from '../../formats/safetensors'
import type { AffineHead } from '../../hypernet/head'
import type { HeadPair } from '../head-file'

/** A module of sentence-transformers: its folder, and its class. */
export interface PlacedModule {
  readonly path: string
  readonly type: string
}

/** A head as modules with their files. Paths of weights name where each side's lie. */
export interface PlacedHead {
  readonly modules: readonly PlacedModule[]
  readonly files: ReadonlyMap<string, string | Uint8Array>
  readonly queries: { readonly dense: string; readonly norm: string | null }
  readonly documents: { readonly dense: string; readonly norm: string | null } | null
}

/** Whether queries and documents go through the same head (`--side both`): then there is nothing to route. */
export function sameHead({ head, documents }: HeadPair): boolean {
  const values = ({ weight, bias, norm }: AffineHead) => [
    weight.data,
    bias,
    norm?.scale ?? new Float32Array(),
    norm?.shift ?? new Float32Array(),
  ]
  if (!documents) return false
  const theirs = values(documents)
  return values(head).every(
    (array, i) => array.length === theirs[i].length && array.every((value, j) => value === theirs[i][j]),
  )
}

/**
 * Dense with the identity written out (else sentence-transformers takes tanh), LayerNorm where the head has one, Normalize: in
 * a row where both sides share them, else in a Router's two routes. Documents that stay as they are are normalised once more,
 * which changes nothing: a route cannot be empty.
 * @param first number of the first module
 */
export function placeHead(heads: HeadPair, first: number): PlacedHead {
  const files = new Map<string, string | Uint8Array>()
  if (sameHead(heads)) {
    const chain = headChain(heads.head, (i, type) => `${first + i}_${type}`, files)
    return { modules: chain.modules, files, queries: chain.weights, documents: chain.weights }
  }
  const router = `${first}_Router`
  const route = (side: string) => (i: number, type: string) => `${router}/${side}_${i}_${type}`
  const queries = headChain(heads.head, route('query'), files)
  const documents = heads.documents
    ? headChain(heads.documents, route('document'), files)
    : { modules: [normalize(route('document')(0, 'Normalize'), files)], weights: null }
  const name = ({ path }: PlacedModule) => path.slice(router.length + 1)
  const routed = [...queries.modules, ...documents.modules]
  files.set(
    `${router}/router_config.json`,
    json({
      types: Object.fromEntries(
        routed.map((module) => [name(module), `sentence_transformers.models.${module.type}`]),
      ),
      structure: { query: queries.modules.map(name), document: documents.modules.map(name) },
      // Whoever does not say what a text is would get vectors that look right: an error is better.
      parameters: { default_route: null, allow_empty_key: false },
    }),
  )
  return {
    modules: [{ path: router, type: 'Router' }],
    files,
    queries: queries.weights,
    documents: documents.weights,
  }
}

function headChain(
  { weight, bias, norm }: AffineHead,
  place: (i: number, type: string) => string,
  files: Map<string, string | Uint8Array>,
) {
  const vector = (data: Float32Array) => ({ dtype: 'F32', shape: [data.length], data }) as const
  const dense = place(0, 'Dense')
  files.set(
    `${dense}/config.json`,
    json({
      in_features: weight.columns,
      out_features: weight.rows,
      bias: true,
      activation_function: 'torch.nn.modules.linear.Identity',
    }),
  )
  const denseFile = `${dense}/model.safetensors`
  files.set(
    denseFile,
    writeSafetensors({
      'linear.weight': { dtype: 'F32', shape: [weight.rows, weight.columns], data: weight.data },
      'linear.bias': vector(bias),
    }),
  )
  const modules: PlacedModule[] = [{ path: dense, type: 'Dense' }]
  let normFile: string | null = null
  if (norm) {
    const path = place(1, 'LayerNorm')
    normFile = `${path}/model.safetensors`
    files.set(`${path}/config.json`, json({ dimension: weight.rows }))
    files.set(
      normFile,
      writeSafetensors({ 'norm.weight': vector(norm.scale), 'norm.bias': vector(norm.shift) }),
    )
    modules.push({ path, type: 'LayerNorm' })
  }
  modules.push(normalize(place(modules.length, 'Normalize'), files))
  return { modules, weights: { dense: denseFile, norm: normFile } }
}

function normalize(path: string, files: Map<string, string | Uint8Array>): PlacedModule {
  files.set(`${path}/config.json`, json({}))
  return { path, type: 'Normalize' }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
