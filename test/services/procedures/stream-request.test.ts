import { ORPCError } from '@orpc/server'
import { describe, expect, it } from 'vitest'
import type { OperationSession } from '../../../src/main/jobs/processes/operation-session'
import { streamRequest } from '../../../src/main/services/procedures/stream-request'
import { cancelled, HydraError } from '../../../src/shared/errors'
import type { JobEvent } from '../../../src/shared/schemas/job'

const ANSWER = { suggestions: [], documents: 3 }
const INPUT = { model: 'writer', of: { documents: [{ document: 'an oak' }] } }

/** A session whose one request says and answers what it is told to. */
function madeSession() {
  let resolve: (answer: typeof ANSWER) => void = () => {}
  let reject: (error: unknown) => void = () => {}
  const promise = new Promise<typeof ANSWER>((...settle) => {
    ;[resolve, reject] = settle
  })
  let tell: (event: JobEvent) => void = () => {}
  const session = {
    request(_name: string, _input: unknown, signal?: AbortSignal, emit?: (event: JobEvent) => void) {
      tell = emit!
      signal?.addEventListener('abort', () => reject(cancelled()))
      return promise
    },
  } as unknown as Pick<OperationSession, 'request'>
  const progress = (done: number) =>
    tell({
      type: 'progress',
      at: 0,
      progress: { phase: 'write', unit: 'documents', done, total: 3, rate: 0, remaining: null },
    })
  return { session, progress, resolve, reject, answer: promise }
}
const open = ({ session }: ReturnType<typeof madeSession>, signal?: AbortSignal) =>
  streamRequest(session, 'suggest-queries', INPUT, signal)

describe('a streamed request', () => {
  it('says how far it is, the latest only to a slow reader, then what it gave', async () => {
    const made = madeSession()
    const stream = open(made)
    const first = stream.next()
    made.progress(0)
    expect((await first).value).toMatchObject({ type: 'progress', progress: { done: 0 } })
    made.progress(1)
    made.progress(2)
    expect((await stream.next()).value).toMatchObject({ type: 'progress', progress: { done: 2 } })
    const last = stream.next()
    made.resolve(ANSWER)
    expect((await last).value).toEqual({ type: 'done', output: ANSWER })
    expect((await stream.next()).done).toBe(true)
  })

  it('ends with the contract’s error, since no middleware sees what a stream throws', async () => {
    const made = madeSession()
    const next = open(made).next()
    made.reject(new HydraError('MODEL_CORRUPT', { expected: 'a', got: 'b', remedy: 'c' }))
    const error = await next.catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ORPCError)
    expect(error).toMatchObject({ code: 'HYDRA', data: { code: 'MODEL_CORRUPT', got: 'b' } })
  })

  it('is cancelled by its signal, and by a reader who leaves', async () => {
    const controller = new AbortController()
    const next = open(madeSession(), controller.signal).next()
    controller.abort()
    await expect(next).rejects.toMatchObject({ data: { code: 'CANCELLED' } })
    const left = madeSession()
    const stream = open(left)
    const first = stream.next()
    left.progress(1)
    await first
    await stream.return()
    await expect(left.answer).rejects.toMatchObject({ code: 'CANCELLED' })
  })
})
