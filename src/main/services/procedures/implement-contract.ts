import { implement } from '@orpc/server'
import type { RequestHeadersPluginContext } from '@orpc/server/plugins'
import { AGREED_HEADER } from '../../../shared/calls/agreed-header'
import { contract } from '../../../shared/contract'
import { sendingFor } from '../../jobs/processes/sending'
import { asContractError } from './contract-error'

/**
 * The contract, ready to be implemented. A window says with each call whether a person agreed to what it sends; a terminal has
 * said it for the whole command. Whatever a handler throws leaves as the contract's error.
 */
export const procedures = implement(contract)
  .$context<RequestHeadersPluginContext>()
  .use(async ({ next, path, context: { reqHeaders } }) => {
    try {
      return await (reqHeaders ? sendingFor(reqHeaders.has(AGREED_HEADER), () => next()) : next())
    } catch (thrown) {
      throw asContractError(thrown, path.join('.'))
    }
  })
