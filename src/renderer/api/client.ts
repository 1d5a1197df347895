import { type ClientLink, createORPCClient, ORPCError } from '@orpc/client'
import type { ContractRouterClient } from '@orpc/contract'
import { type InjectionKey, inject } from 'vue'
import type { Contract } from '../../shared/contract'
import { HydraError } from '../../shared/errors'
import type { Connection } from './connection'

/** The one typed way from the window to the engine. */
export type Client = ContractRouterClient<Contract>

/** Calls that begin work: never repeated by themselves, since the first one may have arrived. */
const BEGINNING = new Set([
  'datasets.import',
  'training.start',
  'training.demo',
  'evaluation.start',
  'exporting.head',
  'exporting.apply',
])

/**
 * A client over whatever channel is live. A call made while the line is down waits for it; one that the line broke under
 * is made again on the next line, unless it begins work.
 */
export function createClient(connection: Connection): Client {
  const link: ClientLink<Record<never, never>> = {
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
          if (BEGINNING.has(path.join('.'))) throw connectionLost()
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
    remedy: 'The work may have begun: look under running jobs on Home before you start it again.',
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
