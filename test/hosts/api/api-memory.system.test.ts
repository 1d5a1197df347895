import { Agent, request } from 'node:http'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it, onTestFinished } from 'vitest'
import { openApi, TOKEN } from './open-api'

it('the service does not grow over thousands of requests', { timeout: 120_000 }, async () => {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  const { host, serving } = await openApi()
  // Lines that stay open, as a client under load has them; fetch would take most of the time.
  const agent = new Agent({ keepAlive: true, maxSockets: 16 })
  onTestFinished(() => agent.destroy())
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }
  const post = (path: string, body: object) =>
    new Promise<number | undefined>((done, failed) => {
      request(`${host.url}${path}`, { agent, method: 'POST', headers }, (response) => {
        response.resume().on('end', () => done(response.statusCode))
      })
        .on('error', failed)
        .end(JSON.stringify(body))
    })
  const ask = async (from: number, count: number) => {
    for (let i = from; i < from + count; i += 25) {
      const several = Array.from({ length: 25 }, (_, j) =>
        // What fails must leave nothing behind either.
        j === 0
          ? post('/v1/embeddings', { model: `nobody ${i}`, input: 'x' })
          : post('/embed', {
              inputs: [1, 2, 3].map((k) => `text ${i + j} ${k}`),
              prompt_name: 'scifact/claims',
            }),
      )
      const statuses = await Promise.all(several)
      expect(statuses).toEqual([404, ...Array(24).fill(200)])
    }
    collect()
    return process.memoryUsage().heapUsed
  }
  // The memo of 4,096 texts is full after the first round.
  const before = await ask(0, 1500)
  const after = await ask(10_000, 2000)
  expect(host.requests).toBe(0)
  expect(serving.texts).toEqual({ waiting: 0, called: 0 })
  // What stayed of a request, its context or its signal, would be a kilobyte and more.
  expect(after - before).toBeLessThan(1e6)
})
