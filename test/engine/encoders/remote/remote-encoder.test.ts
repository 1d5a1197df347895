import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cachedEncoder } from '../../../../src/main/engine/encoders/cache/vector-cache'
import { addRemote } from '../../../../src/main/engine/encoders/remote/add-remote'
import type { RemoteAccess } from '../../../../src/main/engine/encoders/remote/ask-service'
import { PROBE_TEXTS } from '../../../../src/main/engine/encoders/remote/probe-service'
import { openRemoteEncoder } from '../../../../src/main/engine/encoders/remote/remote-encoder'
import { type RemoteModel, resolveRemote } from '../../../../src/main/engine/encoders/remote/remote-model'
import { row } from '../../../../src/main/engine/numeric/matrix'
import type { ErrorCode } from '../../../../src/shared/errors'
import type { RemoteService } from '../../../../src/shared/schemas/model'
import { vectorOf as servedVector } from '../../../hosts/api/made-session'
import { openApi, TOKEN } from '../../../hosts/api/open-api'
import { temporaryFolder } from '../../../temporary-folder'
import { type Fault, sendJson, sendVectors, startEmbeddingServer, vectorOf, WIDTH } from './embedding-server'

const KEY = 'sk-nobody-may-see-this'
const SERVICE = {
  api: 'openai',
  model: 'made',
  dimensions: null,
  types: { query: null, document: null },
  longest: null,
  keyEnv: 'A_KEY',
  price: 0.02,
} as const satisfies Omit<RemoteService, 'url'>
/** Waits of a test are short. */
const ACCESS: RemoteAccess = { key: KEY, fetch, backoffMs: 1, timeoutMs: 2000 }
const texts = Array.from({ length: 300 }, (_, i) => `text ${i} about ${'oaks '.repeat(i % 5)}`)
const close = (vector: ArrayLike<number>) => Array.from(vector, (value) => expect.closeTo(value, 6))

async function added(
  url: string,
  change: Partial<RemoteService> = {},
  access = ACCESS,
): Promise<RemoteModel> {
  return addRemote({
    service: { ...SERVICE, url, ...change },
    id: 'made',
    modelsFolder: await temporaryFolder(),
    access,
    now: () => new Date(0),
    signal: new AbortController().signal,
  })
}

const agreed = () => true

async function opened(
  model: RemoteModel,
  access: Partial<RemoteAccess> = {},
  maySend: (texts: number) => boolean = agreed,
) {
  const folder = await temporaryFolder()
  const encoder = openRemoteEncoder(
    model,
    { ...ACCESS, ...access },
    (one) => cachedEncoder(one, folder),
    maySend,
  )
  return { folder, encoder }
}

/** A service that was added, and goes wrong from then on. */
async function faulty(fault: Fault, access: Partial<RemoteAccess> = {}, change: Partial<RemoteService> = {}) {
  const server = await startEmbeddingServer()
  const model = await added(server.url, change)
  server.asked.length = 0
  const isProbe = (one: { texts: readonly string[] }) => one.texts.includes(PROBE_TEXTS[0])
  server.faulty.fault = (one, response) => (isProbe(one) ? false : fault(one, response))
  return {
    server,
    model,
    sent: () => server.asked.filter((one) => !isProbe(one)),
    ...(await opened(model, access)),
  }
}

const failure = (code: ErrorCode) => expect.objectContaining({ code })

describe('the product’s own service', () => {
  const model = 'all-MiniLM-L6-v2'
  const types = { query: 'query', document: 'document' }
  it.each([
    { api: 'openai', path: '/v1', model },
    { api: 'tei', path: '', model: null },
  ] as const)('gives by $api what the encoder itself gives', async ({ api, path, model }) => {
    const { url } = await openApi()
    const access = { ...ACCESS, key: TOKEN }
    const record = await added(url + path, { api, model, types }, access)
    const { encoder } = await opened(record, access)
    for (const role of ['query', 'document'] as const) {
      const some = texts.slice(0, 80)
      const vectors = await encoder.encode(some, { role, lasting: true })
      some.forEach((text, i) => {
        expect(Array.from(row(vectors, i))).toEqual(close(servedVector(text, role)))
      })
    }
  })

  it('says what it refuses', async () => {
    const { url } = await openApi()
    const as = (change: Partial<RemoteService>, key = TOKEN) =>
      added(`${url}/v1`, { model, ...change }, { ...ACCESS, key })
    await expect(as({}, 'another-token')).rejects.toEqual(failure('REMOTE_REFUSED'))
    await expect(as({ model: 'nobody' })).rejects.toEqual(failure('REMOTE_REFUSED'))
    await expect(as({ dimensions: 3 })).rejects.toEqual(failure('REMOTE_REFUSED'))
  })
})

describe('a service', () => {
  it.each(['openai', 'tei'] as const)('is asked in batches, some at once, by %s', async (api) => {
    const { sent, server, encoder } = await faulty(
      async () => {
        await new Promise((done) => setTimeout(done, 20))
        return false
      },
      {},
      { api },
    )
    const seen: number[] = []
    const many = [...texts, 'x'.repeat(200_000), 'y'.repeat(100_000)]
    const vectors = await encoder.encode(many, { lasting: true, onProgress: (done) => seen.push(done) })
    many.forEach((text, i) => {
      expect(Array.from(row(vectors, i))).toEqual(close(vectorOf(text)))
    })
    expect(Math.max(...sent().map((one) => one.texts.length))).toBe(api === 'tei' ? 32 : 128)
    for (const { texts } of sent())
      expect(texts.length === 1 || texts.join('').length <= 128 * 1024).toBe(true)
    expect(server.mostAtOnce).toBeGreaterThan(1)
    expect(server.mostAtOnce).toBeLessThanOrEqual(4)
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
    expect(seen.at(-1)).toBe(many.length)
  })

  it('is sent nothing that nobody agreed to, not even the probe', async () => {
    const server = await startEmbeddingServer()
    const model = await added(server.url)
    server.asked.length = 0
    const agreed: number[] = []
    const { encoder } = await opened(model, {}, (count) => agreed.push(count) > 1)
    const some = ['a', 'b', 'a', ' ']
    await expect(encoder.encode(some)).rejects.toEqual(failure('REMOTE_UNAGREED'))
    expect(server.asked).toEqual([])
    await encoder.encode(some)
    // Of what is asked for, and neither of what comes twice nor of what is blank.
    expect(agreed).toEqual([2, 2])
    expect(server.asked.length).toBeGreaterThan(0)
  })

  it('is asked for nothing that is in the cache, and for each text once', async () => {
    const { sent, server, encoder, model, folder } = await faulty(() => false)
    await encoder.encode(['a', 'b', 'a', ' '], { lasting: true })
    expect(sent().flatMap((one) => one.texts)).toEqual(['a', 'b'])
    const again = openRemoteEncoder(model, ACCESS, (one) => cachedEncoder(one, folder), agreed)
    server.asked.length = 0
    const vectors = await again.encode(['b', ' '], { lasting: true })
    expect(server.asked).toEqual([])
    expect(Array.from(row(vectors, 0))).toEqual(close(vectorOf('b')))
    // Services refuse blank texts; here they are like nothing.
    expect(Array.from(row(vectors, 1))).toEqual(new Array(WIDTH).fill(0))
    expect(await again.missing?.(['b', 'c'])).toEqual([1])
  })

  it('is told roles, prefixes and width, and cut texts', async () => {
    const server = await startEmbeddingServer()
    const types = { query: 'search_query', document: 'search_document' }
    const { folder, ...whole } = await added(server.url, {
      types,
      longest: 20,
      dimensions: WIDTH,
      api: 'openai',
    })
    const name = 'made?cut=4&query=ask: &document=read: '
    const model = (await resolveRemote(name, [join(folder, '..')])) as RemoteModel
    expect(model).toMatchObject({ id: name.replace(/ $/, '%20').replace(': &', ':%20&'), dimensions: 4 })
    expect(model.fingerprint).not.toBe(whole.fingerprint)
    const { encoder } = await opened(model)
    server.asked.length = 0
    const document = await encoder.encode(['an oak and a boat'], { role: 'document', lasting: true })
    const query = await encoder.encode(['an oak and a boat'], { role: 'query', lasting: true })
    expect(server.asked.slice(1).map(({ body }) => [body.input, body.input_type, body.dimensions])).toEqual([
      [['read: an oak and a boat'.slice(0, 20)], 'search_document', WIDTH],
      [['ask: an oak and a boat'.slice(0, 20)], 'search_query', WIDTH],
    ])
    const cut = vectorOf('ask: an oak and a boat'.slice(0, 20)).slice(0, 4)
    expect(Array.from(row(query, 0))).toEqual(close(cut.map((value) => value / Math.hypot(...cut))))
    expect(Array.from(document.data)).not.toEqual(Array.from(query.data))
    await expect(resolveRemote('made?pooling=cls', [join(folder, '..')])).rejects.toEqual(
      failure('MODEL_UNSUPPORTED'),
    )
    await expect(resolveRemote('made?cut=7', [join(folder, '..')])).rejects.toEqual(
      failure('MODEL_UNSUPPORTED'),
    )
  })

  it('that knows no base64 is asked for numbers', async () => {
    const server = await startEmbeddingServer(({ body }, response) =>
      body.encoding_format === 'base64' ? sendJson(response, 422, { detail: 'float only' }) : false,
    )
    const model = await added(server.url)
    expect(model.record.encoding).toBe('float')
    const { encoder } = await opened(model)
    expect(Array.from((await encoder.encode(['a'])).data)).toEqual(close(vectorOf('a')))
  })
})

describe('a service that fails', () => {
  it.each<[string, ErrorCode, number, Fault]>([
    ['500', 'REMOTE_UNAVAILABLE', 6, (_, response) => sendJson(response, 500, { error: 'broken' })],
    ['429', 'REMOTE_UNAVAILABLE', 6, (_, response) => sendJson(response, 429, {})],
    [
      'a 429 for an hour',
      'REMOTE_UNAVAILABLE',
      1,
      (_, response) => sendJson(response, 429, {}, { 'retry-after': '3600' }),
    ],
    [
      'a cut connection',
      'REMOTE_UNAVAILABLE',
      6,
      (_, response) => {
        response.writeHead(200, { 'content-length': '1000' })
        response.write('{"data": [')
        setTimeout(() => response.destroy(), 5)
        return true
      },
    ],
    [
      '401',
      'REMOTE_REFUSED',
      1,
      (_, response) => sendJson(response, 401, { error: { message: `wrong key ${KEY}` } }),
    ],
    [
      'an unknown model',
      'REMOTE_REFUSED',
      1,
      (_, response) => sendJson(response, 404, { error: { message: 'no such model' } }),
    ],
    [
      'another address',
      'REMOTE_REFUSED',
      1,
      (_, response) => sendJson(response, 307, '', { location: 'http://127.0.0.1:1/' }),
    ],
    [
      'what it does not take',
      'REMOTE_REFUSED',
      1,
      (_, response) => sendJson(response, 400, `no, and not with ${KEY}`),
    ],
    ['no JSON', 'REMOTE_ANSWER_INVALID', 1, (_, response) => sendJson(response, 200, '<html>')],
    [
      'no vectors',
      'REMOTE_ANSWER_INVALID',
      1,
      (_, response) => sendJson(response, 200, { data: [{ embedding: [null] }] }),
    ],
    [
      'another width',
      'REMOTE_ANSWER_INVALID',
      1,
      ({ path, texts }, response) => {
        sendVectors(
          response,
          path,
          texts.map((text) => [...vectorOf(text), 0]),
        )
        return true
      },
    ],
    [
      'another number',
      'REMOTE_ANSWER_INVALID',
      1,
      ({ path, texts }, response) => {
        sendVectors(response, path, texts.slice(1).map(vectorOf))
        return true
      },
    ],
    [
      'NaN',
      'REMOTE_ANSWER_INVALID',
      1,
      ({ path, texts }, response) => {
        sendVectors(
          response,
          path,
          texts.map(() => new Array(WIDTH).fill(Number.NaN)),
          'base64',
        )
        return true
      },
    ],
    [
      'one index twice',
      'REMOTE_ANSWER_INVALID',
      1,
      ({ texts }, response) =>
        sendJson(response, 200, { data: texts.map((text) => ({ index: 0, embedding: vectorOf(text) })) }),
    ],
  ])('by %s ends with its code, nothing cached, and goes on later', async (_, code, attempts, fault) => {
    const { server, sent, encoder, folder } = await faulty(fault)
    const thrown = await encoder.encode(['a', 'b'], { lasting: true }).catch((error: unknown) => error)
    expect(thrown).toEqual(failure(code))
    expect(JSON.stringify(thrown) + String(thrown)).not.toContain(KEY)
    expect(sent()).toHaveLength(attempts)
    expect(await readdir(folder)).toEqual([])
    server.faulty.fault = () => false
    expect((await encoder.encode(['a', 'b'], { lasting: true })).data.slice(0, WIDTH)).toEqual(
      Float32Array.from(vectorOf('a')),
    )
  })

  it('keeps what came before, and asks later only for the rest', async () => {
    let answers = 0
    const { server, sent, encoder } = await faulty((_, response) => {
      answers++
      return answers > 2 ? sendJson(response, 401, {}) : false
    })
    const many = Array.from({ length: 900 }, (_, i) => `text ${i}`)
    await expect(encoder.encode(many, { lasting: true })).rejects.toEqual(failure('REMOTE_REFUSED'))
    const left = (await encoder.missing?.(many))?.length ?? 0
    expect(left).toBeLessThan(900)
    server.faulty.fault = () => false
    server.asked.length = 0
    const vectors = await encoder.encode(many, { lasting: true })
    expect(sent().flatMap((one) => one.texts)).toHaveLength(left)
    expect(Array.from(row(vectors, 899))).toEqual(close(vectorOf('text 899')))
  })

  it('is waited for as long as Retry-After says, by all', async () => {
    let refused = 0
    const times: number[] = []
    const { encoder } = await faulty((_, response) => {
      times.push(performance.now())
      return refused++ === 0 ? sendJson(response, 503, {}, { 'retry-after': '0.2' }) : false
    })
    await encoder.encode(['a'], { lasting: true })
    expect(times).toHaveLength(2)
    expect(times[1] - times[0]).toBeGreaterThanOrEqual(190)
  })

  it('by silence is asked again', async () => {
    let asked = 0
    const { encoder, sent } = await faulty(() => asked++ === 0, { timeoutMs: 100 })
    await encoder.encode(['a'], { lasting: true })
    expect(sent()).toHaveLength(2)
  })

  it('by batches that are too large gets smaller ones', async () => {
    const { encoder, sent } = await faulty(
      ({ texts }, response) => texts.length > 40 && sendJson(response, 413, {}),
    )
    const vectors = await encoder.encode(texts, { lasting: true })
    expect(Array.from(row(vectors, 299))).toEqual(close(vectorOf(texts[299])))
    expect(sent().some((one) => one.texts.length <= 40)).toBe(true)
  })

  it('is let go at a cancel', async () => {
    const { encoder, folder } = await faulty(() => true, { timeoutMs: 60_000 })
    const controller = new AbortController()
    const encoding = encoder.encode(['a'], { lasting: true, signal: controller.signal })
    setTimeout(() => controller.abort(), 50)
    await expect(encoding).rejects.toEqual(failure('CANCELLED'))
    expect(await readdir(folder)).toEqual([])
  })

  it('by another model’s vectors is noticed before a text is sent', async () => {
    const { server, encoder, sent } = await faulty(() => false)
    server.faulty.vector = (text) => vectorOf(text).toReversed()
    await expect(encoder.encode(['a'], { lasting: true })).rejects.toEqual(failure('ENCODER_CHANGED'))
    expect(sent()).toEqual([])
    // Numbers that differ as those of one model on a GPU do are the same model's.
    server.faulty.vector = (text) => vectorOf(text).map((value, i) => value + (i % 2 ? 1e-4 : -1e-4))
    await encoder.encode(['a'], { lasting: true })
    expect(sent()).toHaveLength(1)
  })
})

describe('adding', () => {
  it('writes one record, with the name of the key and not the key', async () => {
    const server = await startEmbeddingServer()
    const model = await added(`${server.url}/v1/embeddings/`)
    expect(await readdir(model.folder)).toEqual(['remote.json'])
    const record = await readFile(join(model.folder, 'remote.json'), 'utf8')
    expect(record).not.toContain(KEY)
    expect(JSON.parse(record)).toMatchObject({ url: `${server.url}/v1`, keyEnv: 'A_KEY', width: WIDTH })
    expect(server.asked[0]).toMatchObject({ path: '/v1/embeddings', authorization: `Bearer ${KEY}` })
  })

  it('sends no key where none is asked for', async () => {
    const server = await startEmbeddingServer()
    await added(server.url, { keyEnv: null })
    expect(server.asked[0].authorization).toBeUndefined()
  })

  it.each<[string, ErrorCode, Partial<RemoteService>, string | undefined]>([
    ['no address', 'USAGE', { url: 'ftp://host' }, KEY],
    ['a password in the address', 'USAGE', { url: 'https://me:secret@host/v1' }, KEY],
    ['a key in the address', 'USAGE', { url: 'https://host/v1?key=secret' }, KEY],
    ['a key in the clear', 'USAGE', { url: 'http://host.example/v1' }, KEY],
    ['no key', 'REMOTE_REFUSED', {}, undefined],
    ['nobody there', 'REMOTE_UNAVAILABLE', { url: 'http://127.0.0.1:1' }, KEY],
    ['another width than asked', 'REMOTE_ANSWER_INVALID', { dimensions: 3 }, KEY],
  ])('refuses %s', async (_, code, change, key) => {
    const { url } = await startEmbeddingServer()
    const error = await added(url, change, { ...ACCESS, key }).catch((thrown: unknown) => thrown)
    expect(error).toEqual(failure(code))
    expect(String(error)).not.toContain('secret')
  })

  it('refuses a service that does not repeat itself', async () => {
    let turn = 0
    const server = await startEmbeddingServer()
    server.faulty.vector = (text) =>
      turn++ < PROBE_TEXTS.length ? vectorOf(text) : vectorOf(text).toReversed()
    await expect(added(server.url)).rejects.toEqual(failure('REMOTE_ANSWER_INVALID'))
  })
})
