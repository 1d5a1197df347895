import type { Connection } from './connection'

export interface FollowOptions<Event> {
  readonly connection: Connection
  readonly signal: AbortSignal
  /** Opens the stream; called again after each reconnection. */
  open(signal: AbortSignal): Promise<AsyncIterable<Event>>
  /** A stream begins, for the first time or anew: what it replays comes from the start again. */
  begin(): void
  event(event: Event): void
  /** Whether a stream that ended is complete (a job has ended) or must be opened again. */
  complete(): boolean
}

/** Reads a stream until it is complete or the signal fires, across lost connections. Failures of the host itself are thrown. */
export async function follow<Event>(options: FollowOptions<Event>): Promise<void> {
  const { connection, signal } = options
  while (!signal.aborted) {
    const epoch = connection.epoch.value
    try {
      const stream = await options.open(signal)
      options.begin()
      for await (const event of stream) {
        if (signal.aborted) return
        options.event(event)
      }
      if (options.complete()) return
    } catch (error) {
      if (signal.aborted) return
      await new Promise((resolve) => setTimeout(resolve, 50))
      // The same line is still open, so it was not the connection: the host refused.
      if (connection.state.value === 'open' && connection.epoch.value === epoch) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
