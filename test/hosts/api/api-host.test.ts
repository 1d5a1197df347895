import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { openAdmission } from '../../../src/main/hosts/api/admission'
import { writeCardFile } from '../../../src/main/workspace/card-files'
import { openaiModelsSchema } from '../../../src/shared/serving/openai-schemas'
import { waitUntil } from '../../wait-until'
import { DIMENSIONS, turned, vectorOf } from './made-session'
import { openApi, TOKEN } from './open-api'

const ENCODER = 'all-MiniLM-L6-v2'
const CARD = { id: 'mine', name: 'Mine', description: 'find what I mean' }
const near = (vector: ArrayLike<number>) => Array.from(vector, (value) => expect.closeTo(value, 6))

describe('the door', () => {
  it('opens with the token and nothing else, but for the health', async () => {
    const { host, send, post } = await openApi()
    const without = await fetch(`${host.url}/v1/models`)
    expect(without.status).toBe(401)
    expect(without.headers.get('www-authenticate')).toBe('Bearer')
    expect(await without.json()).toMatchObject({ error: { code: 'TOKEN_WRONG' } })
    for (const authorization of [`Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(1)}`, `Basic ${TOKEN}`, TOKEN]) {
      expect((await send('/metrics', { headers: { authorization } })).status).toBe(401)
    }
    expect((await fetch(`${host.url}/health`)).status).toBe(200)
    expect((await send('/v1/models', { headers: { authorization: `bearer ${TOKEN}` } })).status).toBe(200)
    const { json } = await post('/embed', { inputs: 'x' }, { headers: { authorization: 'Bearer no' } })
    expect(json).toEqual({ error: expect.stringContaining('TOKEN_WRONG'), error_type: 'Validation' })
  })

  it('says nothing of the token in what it answers or logs', async () => {
    const { post, send, faults } = await openApi({
      encode: () => {
        throw new Error(`broken at /home/someone/model.onnx`)
      },
    })
    const { status, json } = await post('/v1/embeddings', { model: ENCODER, input: 'x' })
    expect(status).toBe(500)
    expect(json).toMatchObject({ error: { code: 'INTERNAL', type: 'server_error' } })
    // What the log is for is no answer for strangers.
    expect(JSON.stringify(json)).not.toContain('/home/')
    expect(faults.join()).toContain('/home/someone')
    const texts = [faults.join(), await (await send('/metrics')).text(), await (await send('/health')).text()]
    expect(texts.join()).not.toContain(TOKEN)
  })

  it.each([
    ['GET', '/', 404, 'ROUTE_UNKNOWN'],
    ['GET', '/v1/embeddings', 404, 'ROUTE_UNKNOWN'],
    ['DELETE', '/v1/models', 404, 'ROUTE_UNKNOWN'],
  ])('knows no %s %s', async (method, path, status, code) => {
    const { send } = await openApi()
    const response = await send(path, { method })
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ error: { code } })
  })
})

describe('/v1/embeddings', () => {
  it('answers a text and an array as OpenAI does, with numbers or base64', async () => {
    const { post } = await openApi()
    const one = await post('/v1/embeddings', {
      model: ENCODER,
      input: 'coal',
      input_type: 'query',
      user: 'me',
    })
    expect(one.status).toBe(200)
    expect(one.json).toEqual({
      object: 'list',
      data: [{ object: 'embedding', index: 0, embedding: near(vectorOf('coal')) }],
      model: ENCODER,
      // [CLS] coal [SEP]
      usage: { prompt_tokens: 3, total_tokens: 3 },
    })
    const texts = ['coal and milk', 'wool']
    const { json } = await post('/v1/embeddings', { model: ENCODER, input: texts, encoding_format: 'base64' })
    const decoded = json.data.map(({ embedding }: { embedding: string }) => {
      const bytes = Buffer.from(embedding, 'base64')
      return Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i))
    })
    // The frozen encoder is what an index is made with: documents, unless said.
    expect(decoded).toEqual(texts.map((text) => near(vectorOf(text, 'document'))))
    expect(json.usage.total_tokens).toBe(8)
  })

  it('keeps the order of many texts, each its own', async () => {
    const { post, calls } = await openApi()
    const input = Array.from({ length: 1000 }, (_, i) => `text ${i}`)
    const { json } = await post('/v1/embeddings', { model: ENCODER, input, input_type: 'query' })
    expect(json.data.map(({ index }: { index: number }) => index)).toEqual(input.map((_, i) => i))
    expect(json.data[999].embedding).toEqual(near(vectorOf('text 999')))
    expect(Math.max(...calls.map((texts) => texts.length))).toBeLessThanOrEqual(64)
  })

  it.each([
    ['token ids', { model: ENCODER, input: [101, 2000, 102] }, 400, 'USAGE', 'input'],
    ['lists of token ids', { model: ENCODER, input: [[101], [102]] }, 400, 'USAGE', 'input'],
    ['an empty text', { model: ENCODER, input: '' }, 400, 'USAGE', 'input'],
    ['no text', { model: ENCODER, input: [] }, 400, 'USAGE', 'input'],
    ['more texts than OpenAI takes', { model: ENCODER, input: Array(2049).fill('x') }, 400, 'USAGE', 'input'],
    ['other dimensions', { model: ENCODER, input: 'x', dimensions: 3 }, 400, 'USAGE', null],
    [
      'another format',
      { model: ENCODER, input: 'x', encoding_format: 'hex' },
      400,
      'USAGE',
      'encoding_format',
    ],
    ['no model', { input: 'x' }, 400, 'USAGE', 'model'],
    ['an unknown model', { model: 'text-embedding-3-small', input: 'x' }, 404, 'MODEL_MISSING', null],
  ])('refuses %s', async (_, body, status, code, param) => {
    const { post } = await openApi()
    const answer = await post('/v1/embeddings', body)
    expect(answer.status).toBe(status)
    expect(answer.json.error).toMatchObject({ code, param, type: 'invalid_request_error' })
    expect(answer.json.error.message).toContain(code)
  })

  it('takes the dimensions that the encoder has', async () => {
    const { post } = await openApi()
    const body = { model: ENCODER, input: 'x', dimensions: DIMENSIONS }
    expect((await post('/v1/embeddings', body)).status).toBe(200)
  })

  it.each([
    ['no JSON', 'input=x', 'application/x-www-form-urlencoded', 400, 'USAGE'],
    ['half of it', '{"model":', 'application/json', 400, 'USAGE'],
    [
      'more than 4 MiB',
      `{"input":"${'x'.repeat(4 * 2 ** 20)}"}`,
      'application/json',
      413,
      'REQUEST_TOO_LARGE',
    ],
  ])('refuses a body of %s', async (_, body, type, status, code) => {
    const { send } = await openApi()
    const response = await send('/v1/embeddings', { method: 'POST', body, headers: { 'content-type': type } })
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ error: { code } })
  })

  it('stops reading a body whose length was not said where it gets too long', async () => {
    const { send } = await openApi()
    let sent = 0
    const body = new ReadableStream({
      pull(controller) {
        sent += 2 ** 16
        controller.enqueue(new TextEncoder().encode(' '.repeat(2 ** 16)))
        if (sent > 2 ** 27) controller.close()
      },
    })
    const headers = { 'content-type': 'application/json' }
    const init = { method: 'POST', body, headers, duplex: 'half' } as RequestInit
    // Whether the answer arrives before the line is cut is a matter of luck.
    const status = await send('/v1/embeddings', init).then(
      (response) => response.status,
      () => 413,
    )
    expect(status).toBe(413)
    expect(sent).toBeLessThan(2 ** 27)
  })
})

describe('cards', () => {
  it('are compiled once by content, and go by their id from then on', async () => {
    const { post, run, send } = await openApi()
    const first = await post('/api/compile', { card: { card: CARD }, collection: 'tiny' })
    expect(first.status).toBe(200)
    expect(first.json).toMatchObject({
      model: 'mine',
      run: 'made',
      fit: 1,
      head: { weight: [DIMENSIONS, DIMENSIONS] },
      certificate: { probes: 64 },
      cached: false,
    })
    expect((await post('/api/compile', { card: { card: CARD }, collection: 'tiny' })).json.cached).toBe(true)
    const { json } = await post('/v1/embeddings', { model: 'mine', input: 'coal' })
    expect(json.data[0].embedding).toEqual(near(turned(vectorOf('coal'))))
    const models = openaiModelsSchema.parse(await (await send('/v1/models')).json())
    const ids = models.data.map(({ id }) => id)
    expect(ids).toEqual([ENCODER, 'mine', 'scifact/claims'])
    expect(run).not.toBe('')
  })

  it('take nobody else’s name unless told to', async () => {
    const { post } = await openApi()
    const other = { ...CARD, description: 'find something else' }
    await post('/api/compile', { card: { card: CARD } })
    const refused = await post('/api/compile', { card: { card: other } })
    expect(refused.status).toBe(409)
    expect(refused.json.error.code).toBe('CARD_EXISTS')
    expect((await post('/api/compile', { card: { card: other }, replace: true })).status).toBe(200)
    const encoder = await post('/api/compile', { card: { card: { ...CARD, id: ENCODER } } })
    expect(encoder.json.error.code).toBe('CARD_EXISTS')
  })

  it('of the workspace and tasks of the run go by their ids unasked', async () => {
    const { post, workspace } = await openApi()
    await writeCardFile(workspace, { version: 1, examples: [], ...CARD }, new Date(0))
    for (const model of ['mine', 'scifact/claims']) {
      const { json } = await post('/api/embed', { model, texts: ['coal', 'wool'] })
      expect(json).toEqual({
        model,
        role: 'query',
        dimensions: DIMENSIONS,
        tokens: 6,
        vectors: ['coal', 'wool'].map((text) => near(turned(vectorOf(text)))),
      })
    }
  })

  it('leave documents as the frozen encoder has them', async () => {
    const { post } = await openApi()
    const { json } = await post('/api/embed', { model: 'scifact/claims', texts: ['coal'], role: 'document' })
    expect(json.vectors).toEqual([near(vectorOf('coal', 'document'))])
  })

  it('that do not fit are refused with the field that is wrong', async () => {
    const { post } = await openApi()
    const { status, json } = await post('/api/compile', { card: { card: { ...CARD, description: '' } } })
    expect(status).toBe(400)
    expect(json.error).toMatchObject({ code: 'USAGE', param: 'card' })
  })
})

it('is what OpenAI’s own client takes for its own', async () => {
  const { host } = await openApi({ limits: { requests: 2 } })
  const options = { baseURL: `${host.url}/v1`, maxRetries: 0 }
  const client = new OpenAI({ ...options, apiKey: TOKEN })
  // Unasked it wants base64, and makes numbers of it.
  const { data, usage } = await client.embeddings.create({ model: 'scifact/claims', input: ['coal', 'wool'] })
  expect(data.map(({ embedding }) => embedding)).toEqual(
    ['coal', 'wool'].map((text) => near(turned(vectorOf(text)))),
  )
  expect(usage).toEqual({ prompt_tokens: 6, total_tokens: 6 })
  const asNumbers = { model: ENCODER, input: 'coal', encoding_format: 'float' } as const
  expect((await client.embeddings.create(asNumbers)).data[0].embedding).toEqual(
    near(vectorOf('coal', 'document')),
  )
  expect((await client.models.list()).data.map(({ id }) => id)).toContain('scifact/claims')
  await expect(client.embeddings.create({ model: 'gpt', input: 'x' })).rejects.toBeInstanceOf(
    OpenAI.NotFoundError,
  )
  await expect(client.embeddings.create({ model: ENCODER, input: [101, 102] })).rejects.toMatchObject({
    status: 400,
    code: 'USAGE',
    param: 'input',
    type: 'invalid_request_error',
  })
  const stranger = new OpenAI({ ...options, apiKey: 'another-token-of-16' })
  await expect(stranger.models.list()).rejects.toBeInstanceOf(OpenAI.AuthenticationError)
})

describe('/embed of text-embeddings-inference', () => {
  it('answers bare vectors: of documents, of queries, through a card', async () => {
    const { post } = await openApi()
    const embed = async (body: object) => (await post('/embed', body)).json
    expect(await embed({ inputs: 'coal' })).toEqual([near(vectorOf('coal', 'document'))])
    const query = { inputs: ['coal', 'wool'], prompt_name: 'query', normalize: true, truncate: false }
    expect(await embed(query)).toEqual(['coal', 'wool'].map((text) => near(vectorOf(text))))
    const card = { inputs: ['coal'], prompt_name: 'scifact/claims' }
    expect(await embed(card)).toEqual([near(turned(vectorOf('coal')))])
  })

  it('cuts what is too long only where it is told to, and says so in its own shape', async () => {
    const { post } = await openApi()
    const inputs = 'coal '.repeat(600)
    const refused = await post('/embed', { inputs })
    expect(refused.status).toBe(413)
    expect(refused.json).toMatchObject({ error_type: 'Validation' })
    expect(refused.json.error).toContain('REQUEST_TOO_LARGE')
    expect((await post('/embed', { inputs, truncate: true })).status).toBe(200)
    expect((await post('/embed', { inputs: 'x', normalize: false })).status).toBe(400)
    expect((await post('/embed', { inputs: 'x', prompt_name: 'nobody' })).status).toBe(404)
  })
})

describe('more than it can do', () => {
  it('is refused with 429 and a time to wait, while health and metrics still answer', async () => {
    let free = () => {}
    const blocked = new Promise<void>((done) => {
      free = done
    })
    const { host, post, send } = await openApi({ limits: { requests: 4 }, encode: () => blocked })
    const waiting = Array.from({ length: 4 }, (_, i) => post('/embed', { inputs: `text ${i}` }))
    await waitUntil(() => host.requests === 4)
    const refused = await post('/v1/embeddings', { model: ENCODER, input: 'x' })
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    expect(refused.json.error).toMatchObject({ code: 'OVERLOADED', type: 'rate_limit_error' })
    expect((await post('/embed', { inputs: 'x' })).json).toMatchObject({ error_type: 'Overloaded' })
    expect(await (await send('/health')).json()).toMatchObject({ status: 'ok', waiting: 4 })
    expect(await (await send('/metrics')).text()).toContain('hydra_queue_requests 4')
    free()
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200, 200, 200])
    await waitUntil(() => host.requests === 0)
  })

  it('counts the bytes of bodies too, but lets one in whatever its size', () => {
    const admission = openAdmission({ requests: 10, bytes: 100 })
    const leave = admission.enter(1000)
    expect(() => admission.enter(1)).toThrowError(expect.objectContaining({ code: 'OVERLOADED' }))
    leave()
    leave()
    expect(admission.requests).toBe(0)
    admission.enter(60)
    admission.enter(40)
    expect(() => admission.enter(1)).toThrowError(expect.objectContaining({ code: 'OVERLOADED' }))
  })

  it('tells those it refuses to wait as long as requests take', () => {
    let now = 0
    const admission = openAdmission({ requests: 10, bytes: 100, clock: () => now })
    for (let i = 0; i < 100; i++) {
      const leave = admission.enter(1)
      now += 4500
      leave()
    }
    expect(admission.retrySeconds).toBe(5)
  })

  it('is given up after the time-out', async () => {
    const { host, post } = await openApi({
      limits: { timeoutMs: 60 },
      encode: () => new Promise((done) => setTimeout(done, 300)),
    })
    const late = await post('/v1/embeddings', { model: ENCODER, input: 'x' })
    expect(late.status).toBe(503)
    expect(late.headers.get('retry-after')).not.toBeNull()
    expect(late.json.error.code).toBe('TIMED_OUT')
    expect(host.requests).toBe(0)
  })

  it('shares calls of the encoder, and a client that goes leaves the queue', async () => {
    let free = () => {}
    const blocked = new Promise<void>((done) => {
      free = done
    })
    const { host, post, calls, serving } = await openApi({ encode: () => blocked })
    const ask = (i: number) => post('/embed', { inputs: `text ${i}`, prompt_name: 'query' })
    const first = [ask(0), ask(1)]
    await waitUntil(() => calls.length === 2)
    const others = Array.from({ length: 20 }, (_, i) => ask(i + 2))
    await waitUntil(() => serving.texts.waiting === 20)
    const controller = new AbortController()
    const gone = post('/embed', { inputs: 'gone' }, { signal: controller.signal })
    await waitUntil(() => serving.texts.waiting === 21)
    controller.abort()
    await expect(gone).rejects.toThrow()
    await waitUntil(() => serving.texts.waiting === 20)
    free()
    await Promise.all([...first, ...others])
    expect(calls.map((texts) => texts.length)).toEqual([1, 1, 20])
    await waitUntil(() => host.requests === 0)
  })
})

it('answers what is under way before it stops, and takes no more', async () => {
  let free = () => {}
  const blocked = new Promise<void>((done) => {
    free = done
  })
  const { host, post, close } = await openApi({ encode: () => blocked })
  const under = post('/embed', { inputs: 'coal' })
  await waitUntil(() => host.requests === 1)
  const closed = close()
  await expect(post('/embed', { inputs: 'late' })).rejects.toThrow()
  free()
  expect((await under).status).toBe(200)
  await closed
})

it('does not wait for ever for what is under way', async () => {
  const { host, post, close } = await openApi({
    limits: { graceMs: 50 },
    encode: () => new Promise((done) => setTimeout(done, 1000)),
  })
  const under = post('/embed', { inputs: 'coal' }).catch(() => 'cut')
  await waitUntil(() => host.requests === 1)
  const begun = performance.now()
  await close()
  expect(performance.now() - begun).toBeLessThan(900)
  expect(await under).toBe('cut')
})

it('counts requests by route and status, calls, and what was at hand', async () => {
  const { post, send } = await openApi()
  for (const inputs of ['coal', 'coal', 'wool']) await post('/embed', { inputs })
  await post('/v1/embeddings', { input: 'x' })
  await send('/nobody/knows/17')
  const response = await send('/metrics')
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  const text = await response.text()
  const value = (line: string) =>
    text
      .split('\n')
      .find((one) => one.startsWith(`${line} `))
      ?.split(' ')[1]
  expect(value('hydra_http_requests_total{route="/embed",status="200"}')).toBe('3')
  expect(value('hydra_http_requests_total{route="/v1/embeddings",status="400"}')).toBe('1')
  expect(value('hydra_http_requests_total{route="other",status="404"}')).toBe('1')
  expect(value('hydra_http_request_duration_seconds_count{route="/embed"}')).toBe('3')
  expect(value('hydra_cache_lookups_total{cache="vectors",result="hit"}')).toBe('1')
  expect(value('hydra_cache_lookups_total{cache="vectors",result="miss"}')).toBe('2')
  expect(value('hydra_queue_texts')).toBe('0')
  expect(Number(value('process_resident_memory_bytes'))).toBeGreaterThan(1e6)
  expect(Number(value('hydra_session_resident_memory_bytes'))).toBeGreaterThan(1e6)
})
