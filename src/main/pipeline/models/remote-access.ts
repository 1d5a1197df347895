import type { RemoteService } from '../../../shared/schemas/model'
import type { RemoteAccess } from '../../engine/encoders/remote/ask-service'
import { type Environment, fetchThrough } from '../fetch-through'

/** How a service is reached: the key from the variable that its record names, and the usual proxy variables. */
export async function remoteAccess(
  { keyEnv }: Pick<RemoteService, 'keyEnv'>,
  environment: Environment,
): Promise<RemoteAccess> {
  return {
    key: (keyEnv !== null && environment[keyEnv]?.trim()) || undefined,
    fetch: await fetchThrough(environment),
  }
}
