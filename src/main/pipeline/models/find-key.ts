import { HydraError } from '../../../shared/errors'
import type { Environment } from '../fetch-through'
import { openKeychain } from './keychain'

export interface FoundKey {
  readonly key: string
  readonly from: 'environment' | 'keychain'
}

/** The key of that name: of the environment, else of the keychain. null: neither has one, or there is no keychain to ask. */
export async function findKey(
  name: string,
  environment: Environment,
  open = openKeychain,
): Promise<FoundKey | null> {
  const said = environment[name]?.trim()
  if (said) return { key: said, from: 'environment' }
  try {
    const kept = (await open()).read(name)
    return kept ? { key: kept, from: 'keychain' } : null
  } catch (thrown) {
    if (thrown instanceof HydraError && thrown.code === 'KEYCHAIN_UNAVAILABLE') return null
    throw thrown
  }
}
