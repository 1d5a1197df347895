import { expect, it } from 'vitest'
import type { Encoder } from '../../../src/main/engine/encoders/encoder'
import { createMatrix } from '../../../src/main/engine/numeric/matrix'
import type { OperationContext } from '../../../src/main/pipeline/operation'
import { createWarmEngine } from '../../../src/main/pipeline/playground/warm-engine'

it('leaves an encoder open under the request that uses it, however many others are opened meanwhile', async () => {
  const warm = createWarmEngine()
  const disposed: string[] = []
  const never = () => Promise.reject(new Error('not in this test'))
  const request = (): OperationContext => ({
    workspace: '/nowhere',
    appRoot: '/nowhere',
    signal: new AbortController().signal,
    pause: new AbortController().signal,
    warm,
    emit: () => {},
    now: () => new Date(0),
    resolveModel: never,
    runProgram: never,
    openPairScorer: never,
    fork: never,
    openEncoder: async (id): Promise<Encoder> => ({
      id,
      sha256: '',
      fingerprint: '',
      dimensions: 1,
      encode: async (texts) => {
        if (disposed.includes(id)) throw new Error(`${id} was disposed`)
        return createMatrix(texts.length, 1)
      },
      dispose: async () => {
        disposed.push(id)
      },
    }),
  })

  const slow = request()
  const encoder = await warm.encoder('first', slow)
  for (let i = 0; i < 8; i++) {
    const quick = request()
    await (await warm.encoder(`other ${i}`, quick)).encode(['a'])
    warm.release(quick)
  }
  expect(disposed).toEqual(['other 0', 'other 1', 'other 2', 'other 3'])
  expect((await encoder.encode(['a text'])).rows).toBe(1)
  warm.release(slow)
  await expect.poll(() => disposed).toContain('first')
})
