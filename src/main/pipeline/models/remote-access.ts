import type { RemoteService } from '../../../shared/schemas/model'
import type { RemoteAccess } from '../../engine/encoders/remote/ask-service'
import { type Environment, fetchThrough } from '../fetch-through'
import { findKey } from './find-key'

/** How a service is reached: the key that its record names, from the environment or the keychain, and the usual proxy variables. */
export async function remoteAccess(
  { keyEnv }: Pick<RemoteService, 'keyEnv'>,
  environment: Environment,
): Promise<RemoteAccess> {
  return {
    key: keyEnv === null ? undefined : (await findKey(keyEnv, environment))?.key,
    fetch: await fetchThrough(environment),
  }
}
