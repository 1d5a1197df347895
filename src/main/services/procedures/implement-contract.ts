import { implement, ORPCError } from '@orpc/server'
import type { RequestHeadersPluginContext } from '@orpc/server/plugins'
import { AGREED_HEADER } from '../../../shared/calls/agreed-header'
import { contract } from '../../../shared/contract'
import { type ErrorCode, toHydraError } from '../../../shared/errors'
import { sendingFor } from '../../jobs/processes/sending'
import { hostLog } from '../system/host-log'
import { fromValidation } from './validation-error'

/**
 * The contract, ready to be implemented. A window says with each call whether a person agreed to what it sends; a terminal has
 * said it for the whole command. Whatever a handler throws leaves as the contract's error `HYDRA`, and input
 * that does not fit its schema as one with the code USAGE.
 */
export const procedures = implement(contract)
  .$context<RequestHeadersPluginContext>()
  .use(async ({ next, path, context: { reqHeaders } }) => {
    try {
      return await (reqHeaders ? sendingFor(reqHeaders.has(AGREED_HEADER), () => next()) : next())
    } catch (thrown) {
      const error = fromValidation(thrown) ?? toHydraError(thrown)
      if (FAULTS.includes(error.code))
        hostLog.add('error', `${path.join('.')}: ${error.message}${stackOf(thrown)}`)
      throw new ORPCError('HYDRA', { message: error.message, data: error.toJSON(), cause: thrown })
    }
  })

/** What a person did not cause: it belongs in the log. */
const FAULTS: readonly ErrorCode[] = ['INTERNAL', 'WORKER_CRASHED']

function stackOf(thrown: unknown): string {
  return thrown instanceof Error && thrown.stack ? `\n${thrown.stack}` : ''
}
