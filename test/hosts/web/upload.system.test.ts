import { readdir, readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { smallDataset, zipOf } from '../../engine/datasets/small-dataset'
import { waitUntil } from '../../wait-until'
import { get, openHost } from './open-host'

const BATCH = '0123456789abcdef'
const ZIP = zipOf(smallDataset())

type Host = Awaited<ReturnType<typeof openHost>>

/** Sends a file as the page does, but for what is changed. */
async function send(
  { host }: Host,
  change: { path?: string; body?: string | Uint8Array; headers?: Record<string, string> } = {},
) {
  const { path = `${BATCH}/small.zip`, body = ZIP, headers = {} } = change
  const answer = await get(host.port, `/rpc/upload/${path}`, {
    method: 'POST',
    body,
    headers: {
      origin: `http://127.0.0.1:${host.port}`,
      authorization: `Bearer ${host.token}`,
      'content-length': String(body.length),
      ...headers,
    },
  })
  return { status: answer.status, said: answer.body ? JSON.parse(answer.body) : null }
}

const kept = async ({ workbench }: Host) =>
  (await readdir(workbench.uploads, { recursive: true, withFileTypes: true }).catch(() => [])).filter(
    (entry) => entry.isFile(),
  )

describe('a file sent to the web host', () => {
  it('lies where an import finds it, whole', async () => {
    const opened = await openHost()
    const { status, said } = await send(opened)
    expect(status).toBe(201)
    expect(said.source).toBe(join(opened.workbench.uploads, BATCH, 'small.zip'))
    expect(new Uint8Array(await readFile(said.source))).toEqual(ZIP)
    expect((await send(opened)).status).toBe(409)
    expect(new Uint8Array(await readFile(said.source))).toEqual(ZIP)
  })

  it('may be one of a folder, whose path is answered', async () => {
    const opened = await openHost()
    const parts = ['young/corpus.jsonl', 'young/qrels/test.tsv', 'young/qrels/empty.tsv']
    for (const part of parts) {
      const { status, said } = await send(opened, {
        path: `${BATCH}/${part}`,
        body: part.includes('empty') ? '' : 'x',
      })
      expect(status).toBe(201)
      expect(said.source).toBe(join(opened.workbench.uploads, BATCH, 'young'))
    }
    expect(await kept(opened)).toHaveLength(3)
  })

  it('is let in by the cookie and the page key together', async () => {
    const opened = await openHost()
    const { port, token } = opened.host
    const origin = `http://127.0.0.1:${port}`
    const session = await get(port, '/session', {
      method: 'POST',
      body: token,
      headers: { origin, 'content-length': String(token.length) },
    })
    const [cookie] = String(session.headers['set-cookie']).split(';')
    const authorization = `Bearer ${session.body}`
    expect((await send(opened, { headers: { authorization } })).status).toBe(401)
    expect((await send(opened, { headers: { authorization, cookie } })).status).toBe(201)
  })

  it.each([
    ['another token', 401, { headers: { authorization: 'Bearer wrong' } }],
    ['no token', 401, { headers: { authorization: '' } }],
    ['another origin', 403, { headers: { origin: 'http://evil.example' } }],
    ['another host', 421, { headers: { host: 'evil.example' } }],
    ['more than may come', 413, { body: 'x'.repeat(70_000), path: `${BATCH}/corpus.jsonl` }],
    ['no zip under the name of one', 415, { body: 'not a zip at all' }],
    ['too little to be a zip', 415, { body: 'PK' }],
    ['another kind of file', 400, { path: `${BATCH}/small.exe` }],
    ['a path that leads out', 400, { path: `${BATCH}/..%2f..%2fsmall.zip` }],
    ['a path with a parent', 400, { path: `${BATCH}/%2e%2e/small.zip` }],
    ['a hidden file', 400, { path: `${BATCH}/.small.zip` }],
    ['no batch', 400, { path: 'small.zip' }],
    ['a batch of another form', 400, { path: '../0123456789abcde/small.zip' }],
    ['a name that is none', 400, { path: `${BATCH}/%zz.zip` }],
  ])('is refused with %s: %i', async (_, status, change) => {
    const opened = await openHost(undefined, { largest: 65_536 })
    expect((await send(opened, change)).status).toBe(status)
    expect(await kept(opened)).toEqual([])
  })

  it('is told what is wrong in the words of the catalogue', async () => {
    const opened = await openHost(undefined, { largest: 100 })
    expect((await send(opened)).said).toMatchObject({ code: 'UPLOAD_REFUSED' })
    expect((await send(opened, { body: 'text' })).said).toMatchObject({ code: 'ZIP_INVALID' })
  })

  it('must say its length', async () => {
    const opened = await openHost()
    const status = await new Promise((done, failed) => {
      const asked = request(
        {
          host: '127.0.0.1',
          port: opened.host.port,
          path: `/rpc/upload/${BATCH}/small.zip`,
          method: 'POST',
          headers: {
            origin: `http://127.0.0.1:${opened.host.port}`,
            authorization: `Bearer ${opened.host.token}`,
            'transfer-encoding': 'chunked',
          },
        },
        (response) => done(response.resume().statusCode),
      )
      asked.on('error', failed)
      asked.write(ZIP)
      asked.end()
    })
    expect(status).toBe(411)
  })

  it('that is cut off leaves nothing behind', async () => {
    const opened = await openHost()
    const asked = request({
      host: '127.0.0.1',
      port: opened.host.port,
      path: `/rpc/upload/${BATCH}/small.zip`,
      method: 'POST',
      headers: {
        origin: `http://127.0.0.1:${opened.host.port}`,
        authorization: `Bearer ${opened.host.token}`,
        'content-length': '1000000',
      },
    })
    const ended = new Promise((done) => asked.on('error', done))
    asked.write(ZIP)
    await waitUntil(async () => (await kept(opened)).length === 1)
    asked.destroy(new Error('the page went'))
    await ended
    await waitUntil(async () => (await kept(opened)).length === 0)
    expect(dirname(opened.workbench.uploads)).toContain('cache')
  })
})
