import { spawnSync } from 'node:child_process'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { isProcessAlive } from '../../../src/main/files/process-identity'
import { OperationSession } from '../../../src/main/jobs/processes/operation-session'
import { bundleFixture } from '../../bundle-fixture'
import { waitUntil } from '../../wait-until'

let script: string
let entry: string
beforeAll(async () => {
  script = await bundleFixture('test/jobs/processes/fixture-worker.ts')
  entry = await bundleFixture('test/jobs/processes/session-user.ts')
})

function openSession(idleMs?: number | null): OperationSession {
  const session = new OperationSession({ workspace: '/nowhere', appRoot: '/nowhere', script }, { idleMs })
  onTestFinished(() => session.close())
  return session
}

const ask = (query: string) => ({ run: 'frozen', dataset: 'd', query, systems: ['frozen' as const] })

describe('OperationSession', () => {
  it('answers many requests, at once too, from one process', async () => {
    const session = openSession()
    const answers = await Promise.all(
      ['a', 'b', 'c'].map((query) => session.request('playground-rank', ask(query))),
    )
    expect(answers.map(({ card }) => card?.text)).toEqual(['a', 'b', 'c'])
    expect(new Set(answers.map(({ dataset }) => dataset)).size).toBe(1)
    expect(answers[0].dataset).toBe(String(session.pid))
  })

  it('fails what was asked of a process that crashed, and starts another one', async () => {
    const session = openSession()
    const first = (await session.request('playground-rank', ask('a'))).dataset
    const slow = session.request('playground-rank', ask('slow'))
    await expect(session.request('playground-rank', ask('crash'))).rejects.toMatchObject({
      code: 'WORKER_CRASHED',
    })
    await expect(slow).rejects.toMatchObject({ code: 'WORKER_CRASHED' })
    expect((await session.request('playground-rank', ask('b'))).dataset).not.toBe(first)
  })

  it('lets go of a request that is no longer wanted', async () => {
    const session = openSession()
    const controller = new AbortController()
    const slow = session.request('playground-rank', ask('slow'), controller.signal)
    await session.request('playground-rank', ask('a'))
    controller.abort()
    await expect(slow).rejects.toMatchObject({ code: 'CANCELLED' })
    expect((await session.request('playground-rank', ask('b'))).card?.text).toBe('b')
  })

  it('closes each request when it ends, a cancelled one too', async () => {
    const session = openSession()
    let asked = 0
    /** Requests that have ended, beside those of this function. */
    const others = async () => {
      const { card } = await session.request('playground-rank', ask('a'))
      return card!.examples - asked++
    }
    expect([await others(), await others()]).toEqual([0, 0])
    const controller = new AbortController()
    const slow = session.request('playground-rank', ask('slow'), controller.signal)
    expect(await others()).toBe(0)
    controller.abort()
    await expect(slow).rejects.toMatchObject({ code: 'CANCELLED' })
    await expect.poll(others).toBe(1)
  })

  it('takes over the process of one that was closed a moment ago', async () => {
    const session = openSession()
    const first = (await session.request('playground-rank', ask('a'))).dataset
    await session.close()
    expect((await openSession().request('playground-rank', ask('b'))).dataset).toBe(first)
  })

  it('forgets what it has opened when told to, and ends what was asked before', async () => {
    const closed = openSession()
    const parked = Number((await closed.request('playground-rank', ask('a'))).dataset)
    const session = openSession()
    const first = Number((await session.request('playground-rank', ask('a'))).dataset)
    await closed.close()
    const before = session.request('playground-rank', ask('soon'))
    await session.renew()
    expect(isProcessAlive(parked)).toBe(false)
    expect(Number((await session.request('playground-rank', ask('b'))).dataset)).not.toBe(first)
    expect((await before).dataset).toBe(String(first))
    await waitUntil(() => !isProcessAlive(first))
  })

  it('ends its process after idle time and begins anew when asked again', async () => {
    const session = openSession(50)
    const first = Number((await session.request('playground-rank', ask('a'))).dataset)
    await waitUntil(() => !isProcessAlive(first))
    expect(Number((await session.request('playground-rank', ask('b'))).dataset)).not.toBe(first)
  })

  it('does not keep a program alive that has had its answer', () => {
    const { status, stdout } = spawnSync(process.execPath, [entry, script], {
      timeout: 20_000,
      encoding: 'utf8',
    })
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'answered a\n' })
  })
})
