import { describe, expect, it } from 'vitest'
import { openEmbeddingBatches } from '../../../src/main/services/serving/embedding-batches'
import { HydraError } from '../../../src/shared/errors'

type Call = Parameters<typeof openEmbeddingBatches>[0]['call']
type Input = Parameters<Call>[0]

/** A text's vector is its number; calls end when the test says so. */
function heldEncoder() {
  const held: { input: Input; end(error?: Error): void }[] = []
  const call: Call = (input) =>
    new Promise((done, failed) => {
      const answer = () => ({
        dimensions: 1,
        cached: 0,
        residentBytes: 0,
        groups: input.groups.map(({ texts }) => ({
          vectors: Float32Array.from(texts, Number),
          tokens: texts.map(() => 3),
        })),
      })
      held.push({ input, end: (error) => (error ? failed(error) : done(answer())) })
    })
  const batches = openEmbeddingBatches({ encoder: 'tiny', call })
  const ask = (from: number, count: number, signal?: AbortSignal) =>
    batches.embed(
      {
        card: null,
        role: 'query',
        texts: Array.from({ length: count }, (_, i) => String(from + i)),
        whole: false,
      },
      signal,
    )
  const sizes = () => held.map(({ input }) => input.groups.map(({ texts }) => texts.length))
  return { batches, held, ask, sizes }
}
const turn = () => new Promise((done) => setImmediate(done))

describe('texts of requests that come at once', () => {
  it('share one call once two are under way', async () => {
    const { held, ask, sizes } = heldEncoder()
    const asked = Array.from({ length: 12 }, (_, i) => ask(i, 1))
    expect(sizes()).toEqual([[1], [1]])
    held[0].end()
    await turn()
    expect(sizes()[2]).toEqual(Array(10).fill(1))
    held[1].end()
    held[2].end()
    const answers = await Promise.all(asked)
    expect(answers.map(({ vectors }) => [...vectors])).toEqual(answers.map((_, i) => [i]))
    expect(answers[0].tokens).toBe(3)
  })

  it('of a long request take turns with those of short ones', async () => {
    const { held, ask, sizes } = heldEncoder()
    const long = ask(0, 1000)
    expect(sizes()).toEqual([[64], [64]])
    const short = ask(5000, 1)
    for (let i = 0; i < 2; i++) held[i].end()
    await turn()
    // Of the two calls that follow one has the short request's text.
    expect(held.slice(2, 4).some(({ input }) => input.groups.some(({ texts }) => texts[0] === '5000'))).toBe(
      true,
    )
    for (let i = 2; i < held.length; i++) {
      held[i].end()
      await turn()
    }
    expect([...(await short).vectors]).toEqual([5000])
    const { vectors, tokens } = await long
    expect([...vectors]).toEqual(Array.from({ length: 1000 }, (_, i) => i))
    expect(tokens).toBe(3000)
  })

  it('leave the queue when their request is cancelled', async () => {
    const { batches, held, ask } = heldEncoder()
    const first = [ask(0, 1), ask(1, 1)]
    const controller = new AbortController()
    const dropped = ask(2, 500, controller.signal)
    expect(batches.texts).toEqual({ waiting: 500, called: 2 })
    controller.abort()
    await expect(dropped).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(batches.texts.waiting).toBe(0)
    for (const { end } of held) end()
    await Promise.all(first)
    expect(batches.texts).toEqual({ waiting: 0, called: 0 })
  })

  it('fail alone: a call that fails is made again for each request', async () => {
    const { held, ask, sizes } = heldEncoder()
    const asked = Array.from({ length: 4 }, (_, i) => ask(i, 1))
    const settled = Promise.allSettled(asked)
    held[0].end()
    held[1].end()
    await turn()
    expect(sizes()[2]).toEqual([1, 1])
    held[2].end(new Error('one of them'))
    await turn()
    expect(sizes().slice(3)).toEqual([[1], [1]])
    held[3].end(new HydraError('MODEL_CORRUPT', { expected: 'a', got: 'b', remedy: 'c' }))
    held[4].end()
    expect((await settled).map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ])
  })
})
