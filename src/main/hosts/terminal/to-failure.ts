import { ORPCError } from '@orpc/server'
import { HydraError, type SerializedError, toHydraError } from '../../../shared/errors'

/** Whatever a call of the contract threw, as the error of the catalogue that it carries. */
export function toFailure(thrown: unknown): HydraError {
  if (thrown instanceof ORPCError && thrown.code === 'HYDRA')
    return HydraError.fromJSON(thrown.data as SerializedError)
  return toHydraError(thrown)
}
