import { type ShallowRef, shallowRef } from 'vue'
import { type Channel, type OpenChannel, TokenRefused } from './channel'

/** `lost`: it was there and is being sought again. `refused`: the host is there but this page's key is not its own. */
export type ConnectionState = 'connecting' | 'open' | 'lost' | 'refused'

export interface Connection {
  readonly state: Readonly<ShallowRef<ConnectionState>>
  /** How often a line was opened: rises by one with each reconnection. */
  readonly epoch: Readonly<ShallowRef<number>>
  /** The live channel, waiting for one while there is none. */
  channel(signal?: AbortSignal): Promise<Channel>
}

/** Milliseconds before each further attempt; the last one repeats. */
const PAUSES = [150, 300, 600, 1200, 2500]

/** Keeps one channel open for the life of the page. */
export function createConnection(open: OpenChannel): Connection {
  const state = shallowRef<ConnectionState>('connecting')
  const epoch = shallowRef(0)
  let current: Channel | null = null
  let waiting: ((channel: Channel) => void)[] = []

  async function keep(): Promise<never> {
    for (let attempt = 0; ; attempt++) {
      try {
        const channel = await open()
        attempt = -1
        current = channel
        state.value = 'open'
        epoch.value++
        for (const resolve of waiting.splice(0)) resolve(channel)
        await channel.closed
        current = null
        state.value = 'lost'
      } catch (error) {
        state.value = error instanceof TokenRefused ? 'refused' : epoch.value > 0 ? 'lost' : 'connecting'
      }
      await new Promise((resolve) =>
        setTimeout(resolve, PAUSES[Math.min(Math.max(attempt, 0), PAUSES.length - 1)]),
      )
    }
  }
  void keep()

  return {
    state,
    epoch,
    channel(signal) {
      if (current) return Promise.resolve(current)
      return new Promise((resolve, reject) => {
        const take = (channel: Channel) => {
          signal?.removeEventListener('abort', leave)
          resolve(channel)
        }
        const leave = () => {
          waiting = waiting.filter((one) => one !== take)
          reject(signal?.reason)
        }
        signal?.addEventListener('abort', leave, { once: true })
        waiting.push(take)
      })
    },
  }
}
