import { ORPCError } from '@orpc/server'
import { type ErrorCode, toHydraError } from '../../../shared/errors'
import { hostLog } from '../system/host-log'
import { fromValidation } from './validation-error'

/** What a person did not cause: it belongs in the log. */
const FAULTS: readonly ErrorCode[] = ['INTERNAL', 'WORKER_CRASHED']

/** Whatever was thrown, as the contract's error `HYDRA`; input that does not fit its schema as one with the code USAGE. */
export function asContractError(thrown: unknown, procedure: string) {
  const error = fromValidation(thrown) ?? toHydraError(thrown)
  if (FAULTS.includes(error.code)) hostLog.add('error', `${procedure}: ${error.message}${stackOf(thrown)}`)
  return new ORPCError('HYDRA', { message: error.message, data: error.toJSON(), cause: thrown })
}

function stackOf(thrown: unknown): string {
  return thrown instanceof Error && thrown.stack ? `\n${thrown.stack}` : ''
}
