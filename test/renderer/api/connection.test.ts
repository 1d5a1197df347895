import type { ClientLink } from '@orpc/client'
import { describe, expect, it } from 'vitest'
import { type Channel, TokenRefused } from '../../../src/renderer/api/channel'
import { createClient } from '../../../src/renderer/api/client'
import { createConnection } from '../../../src/renderer/api/connection'
import { HydraError } from '../../../src/shared/errors'

/** A host whose lines are cut by hand. */
function host(call: (path: readonly string[], line: number) => Promise<unknown>) {
  const cuts: (() => void)[] = []
  const open = async (): Promise<Channel> => {
    const line = cuts.length
    const link = { call: (path: readonly string[]) => call(path, line) } as ClientLink<Record<never, never>>
    return { link, closed: new Promise((resolve) => cuts.push(resolve)) }
  }
  return { open, cut: () => cuts.at(-1)!(), lines: () => cuts.length }
}

describe('connection', () => {
  it('opens a new line when one is lost and repeats the calls that only read', async () => {
    const server = host(async (_, line) => {
      if (line > 0) return ['run']
      server.cut()
      throw new Error('the line broke')
    })
    const connection = createConnection(server.open)
    await expect(createClient(connection).runs.list()).resolves.toEqual(['run'])
    expect(server.lines()).toBe(2)
    expect(connection.epoch.value).toBe(2)
    expect(connection.state.value).toBe('open')
  })

  it('does not start work twice when the line broke under the call', async () => {
    let calls = 0
    const server = host(async () => {
      calls++
      server.cut()
      throw new Error('the line broke')
    })
    const failure = await createClient(createConnection(server.open))
      .training.start({ tasks: ['a'] })
      .then(
        () => null,
        (error) => error,
      )
    expect(failure).toBeInstanceOf(HydraError)
    expect(failure.code).toBe('CONNECTION_LOST')
    expect(calls).toBe(1)
  })

  it('passes on what the host itself refuses', async () => {
    const server = host(async () => {
      throw new Error('no such run')
    })
    await expect(createClient(createConnection(server.open)).runs.show({ id: 'x' })).rejects.toThrow(
      'no such run',
    )
  })

  it('says when the token is refused, and lets a waiting call be given up', async () => {
    const connection = createConnection(async () => {
      throw new TokenRefused()
    })
    await expect.poll(() => connection.state.value).toBe('refused')
    const controller = new AbortController()
    const waiting = connection.channel(controller.signal)
    controller.abort(new Error('given up'))
    await expect(waiting).rejects.toThrow('given up')
  })
})
