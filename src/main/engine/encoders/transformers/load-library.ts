import type * as library from '@xenova/transformers'

type Transformers = typeof library

let loaded: Promise<Transformers> | undefined

/**
 * transformers.js, for models that the lean path does not run. Loading it takes half a second of CPU and 30 MB beside ONNX Runtime,
 * so nothing imports it but here, and this is called in worker processes alone. It reads the folders that it is given: it fetches nothing and keeps no cache.
 */
export function loadTransformers(): Promise<Transformers> {
  loaded ??= import('@xenova/transformers').then((transformers) => {
    const { env } = transformers
    env.allowRemoteModels = false
    env.allowLocalModels = true
    env.useFSCache = false
    env.useBrowserCache = false
    // What fails is thrown; it would print it besides, with the tokens of the texts.
    env.logLevel = transformers.LogLevel.NONE
    return transformers
  })
  return loaded
}
