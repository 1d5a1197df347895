import { type ClientLink, createORPCClient, ORPCError } from '@orpc/client'
import type { ContractRouterClient } from '@orpc/contract'
import { type InjectionKey, inject } from 'vue'
import type { Contract } from '../../shared/contract'
import { HydraError } from '../../shared/errors'
import { isRepeatable } from './changing-calls'
import type { CallContext } from './channel'
import type { Connection } from './connection'

/** The one typed way from the window to the engine. */
export type Client = ContractRouterClient<Contract, CallContext>

/**
 * A client over whatever channel is live. A call made while the line is down waits for it; one that the line broke under
 * is made again on the next line, unless the contract says that it changes something: the first one may have arrived.
 */
export function createClient(connection: Connection): Client {
  const link: ClientLink<CallContext> = {
    async call(path, input, options) {
      for (;;) {
        const channel = await connection.channel(options.signal)
        let gone = false
        void channel.closed.then(() => {
          gone = true
        })
        try {
          return await channel.link.call(path, input, options)
        } catch (error) {
          // The line's end and the call's failure arrive in either order: let both settle.
          await new Promise((resolve) => setTimeout(resolve))
          if (!gone || options.signal?.aborted || error instanceof ORPCError) throw error
          if (!isRepeatable(path)) throw connectionLost()
        }
      }
    },
  }
  return createORPCClient(link)
}

function connectionLost(): HydraError {
  return new HydraError('CONNECTION_LOST', {
    expected: 'the host to answer',
    got: 'a connection that broke before the answer came',
    remedy:
      'It may have been done all the same: look under running jobs on Home, or for what it should have changed, before you ask again.',
  })
}

export const clientKey: InjectionKey<Client> = Symbol('client')
export const connectionKey: InjectionKey<Connection> = Symbol('connection')

export function useClient(): Client {
  return inject(clientKey)!
}

export function useConnection(): Connection {
  return inject(connectionKey)!
}
