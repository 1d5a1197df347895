/// <reference types="node" />
import type { AddressInfo } from 'node:net'
import { implement } from '@orpc/server'
import { RPCHandler } from '@orpc/server/ws'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { type Client, createClient } from '../../../src/renderer/api/client'
import { createConnection } from '../../../src/renderer/api/connection'
import { toFailure } from '../../../src/renderer/api/to-failure'
import { webSocketChannel } from '../../../src/renderer/api/web-socket-channel'
import { contract } from '../../../src/shared/contract'
import type { TaskCard } from '../../../src/shared/schemas/card'
import type { JobRecord } from '../../../src/shared/schemas/job'
import { makeRun } from '../fixture-world'

const NOTHING = { version: 1 as const, name: null, tags: [], notes: '', archived: false }
const CARD: TaskCard = {
  version: 1,
  id: 'own',
  name: 'Own',
  description: 'find what answers the query',
  examples: [],
}

const JOB: JobRecord = {
  id: 'job',
  kind: 'train',
  title: 'Train',
  state: 'cancelled',
  runs: ['one'],
  createdAt: '2026-03-14T09:11:00.000Z',
  endedAt: '2026-03-14T09:12:00.000Z',
  progress: null,
  error: null,
}

afterEach(() => {
  vi.unstubAllGlobals()
})

/** A host on a real socket that does each first call and cuts every line before it has answered. */
async function breakingHost() {
  const calls: string[] = []
  const sockets = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  const answer = <Answer>(name: string, value: Answer): Answer => {
    calls.push(name)
    if (calls.length === 1) for (const line of sockets.clients) line.terminate()
    return value
  }
  const { cards, jobs, runs } = implement({
    cards: contract.cards,
    jobs: contract.jobs,
    runs: contract.runs,
  })
  const handler = new RPCHandler({
    cards: { save: cards.save.handler(() => answer('cards.save', { card: CARD, file: 'own.json' })) },
    jobs: { cancel: jobs.cancel.handler(() => answer('jobs.cancel', JOB)) },
    runs: {
      list: runs.list.handler(() =>
        answer('runs.list', [{ ...makeRun({ id: 'one', title: 'One' }), annotations: NOTHING }]),
      ),
      resume: runs.resume.handler(() => answer('runs.resume', { job: 'job', runs: ['one'] })),
    },
  })
  sockets.on('connection', (line) => void handler.upgrade(line))
  await new Promise((listening) => sockets.once('listening', listening))
  vi.stubGlobal('WebSocket', WebSocket)
  const { port } = sockets.address() as AddressInfo
  const page = new URL(`http://127.0.0.1:${port}`)
  const connection = createConnection(webSocketChannel(page as unknown as Location, 'token'))
  onTestFinished(() => {
    for (const line of sockets.clients) line.terminate()
    sockets.close()
  })
  return { calls, connection, client: createClient(connection) }
}

describe('a line that breaks before the answer came', () => {
  it.each<[string, (client: Client) => Promise<unknown>]>([
    ['runs.resume', (client) => client.runs.resume({ id: 'one' })],
    ['cards.save', (client) => client.cards.save({ card: CARD })],
  ])('ends %s, which the host may have done, with a word', async (name, call) => {
    const { calls, connection, client } = await breakingHost()
    const failure = await call(client).then(() => null, toFailure)
    expect(failure?.code).toBe('CONNECTION_LOST')
    // The line is back, and the call was not made on it.
    await expect.poll(() => connection.epoch.value).toBe(2)
    await client.runs.list()
    expect(calls).toEqual([name, 'runs.list'])
  })

  it('lets a call that only reads be made again on the next line', async () => {
    const { calls, client } = await breakingHost()
    await expect(client.runs.list()).resolves.toMatchObject([{ id: 'one' }])
    expect(calls).toEqual(['runs.list', 'runs.list'])
  })

  it('lets a call that may be made twice be made again, too', async () => {
    const { calls, client } = await breakingHost()
    await expect(client.jobs.cancel({ id: 'job' })).resolves.toMatchObject({ id: 'job' })
    expect(calls).toEqual(['jobs.cancel', 'jobs.cancel'])
  })
})
