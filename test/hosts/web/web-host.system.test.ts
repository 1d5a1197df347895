import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { openWebHost } from '../../../src/main/hosts/web/web-host'
import type { Contract } from '../../../src/shared/contract'
import { temporaryFolder } from '../../temporary-folder'
import { waitUntil } from '../../wait-until'
import { get, LARGE, openHost } from './open-host'

/** The status that a WebSocket is answered with: 101 when it opens. */
function knock(url: string, headers: Record<string, string>): Promise<number> {
  return new Promise((done, failed) => {
    const socket = new WebSocket(url, { headers })
    socket.on('open', () => {
      socket.terminate()
      done(101)
    })
    socket.on('unexpected-response', (_, response) => done(response.statusCode ?? 0))
    socket.on('error', failed)
  })
}

function connectClient(port: number, token: string, options: { perMessageDeflate?: boolean } = {}) {
  const line = connect(port, '127.0.0.1')
  const socket = new WebSocket(`ws://127.0.0.1:${port}/rpc?key=${token}`, {
    headers: { origin: `http://127.0.0.1:${port}` },
    createConnection: () => line,
    ...options,
  })
  onTestFinished(() => socket.terminate())
  // Node's WebSocket of `ws` and the browser's differ in types that this use does not touch.
  const link = new RPCLink({ websocket: socket as unknown as globalThis.WebSocket })
  return {
    socket,
    client: createORPCClient<ContractRouterClient<Contract>>(link),
    /** Bytes that came over the line. */
    received: () => line.bytesRead,
  }
}

describe('pages of the web host', () => {
  it('come with their types, a policy and the right caching', async () => {
    const { host } = await openHost()
    const page = await get(host.port, '/')
    expect(page.status).toBe(200)
    expect(page.body).toContain('<title>Hydra</title>')
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    })
    expect(page.headers['content-security-policy']).toContain("default-src 'none'")
    expect(page.headers['content-security-policy']).not.toContain("script-src 'self' 'unsafe")
    const script = await get(host.port, '/assets/app-1a2b.js')
    expect(script.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    })
    expect(await get(host.port, '/', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' })
  })

  it.each([
    '/../secret.json',
    '/%2e%2e/secret.json',
    '/..%2fsecret.json',
    '/assets/..%2f..%2fsecret.json',
    '/link.json',
    '/assets',
    '/%00',
    '/%zz',
    '//etc/passwd',
  ])('do not lead out of their folder: %s', async (path) => {
    const { host } = await openHost()
    expect((await get(host.port, path)).status).toBe(404)
  })

  it('are for its own Host only, and to be read only', async () => {
    const { host } = await openHost()
    expect((await get(host.port, '/', { headers: { host: `evil.example:${host.port}` } })).status).toBe(421)
    expect((await get(host.port, '/', { headers: { host: `localhost:${host.port}` } })).status).toBe(200)
    expect((await get(host.port, '/', { method: 'POST' })).status).toBe(405)
  })

  it('are served to this machine alone', async () => {
    const { host } = await openHost()
    const outside = new Promise((done) => {
      // 127.0.0.2 is this machine too, but not the address that the host is bound to.
      connect(host.port, '127.0.0.2')
        .on('connect', () => done('open'))
        .on('error', () => done('refused'))
    })
    expect(await outside).toBe('refused')
  })
})

describe('files of the web host', () => {
  const decode = { br: brotliDecompressSync, gzip: gunzipSync, identity: (bytes: Buffer) => bytes }
  const path = '/assets/large-3c4d.js'

  it.each([
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, *', 'gzip'],
    ['deflate', 'identity'],
    [undefined, 'identity'],
  ] as const)('are sent to a client that takes %s as %s', async (accepted, coding) => {
    const { host } = await openHost()
    const headers: Record<string, string> = accepted ? { 'accept-encoding': accepted } : {}
    const answer = await get(host.port, path, { headers })
    expect(answer.headers['content-encoding'] ?? 'identity').toBe(coding)
    expect(answer.headers.vary).toBe('Accept-Encoding')
    expect(answer.headers['content-length']).toBe(String(answer.bytes.length))
    if (coding !== 'identity') expect(answer.bytes.length).toBeLessThan(LARGE.length / 4)
    expect(decode[coding](answer.bytes).toString()).toBe(LARGE)
    const { date: _, ...told } = answer.headers
    const head = await get(host.port, path, { method: 'HEAD', headers })
    expect(head.bytes.length).toBe(0)
    expect(head.headers).toMatchObject(told)
  })

  it('stay as they are where compressing gains nothing', async () => {
    const { host } = await openHost()
    const headers = { 'accept-encoding': 'br, gzip' }
    const picture = await get(host.port, '/assets/picture-5e6f.png', { headers })
    expect(picture.bytes.length).toBe(LARGE.length)
    expect(picture.headers.vary).toBeUndefined()
    const short = await get(host.port, '/', { headers })
    expect(short.headers['content-encoding']).toBeUndefined()
    expect(short.headers.vary).toBe('Accept-Encoding')
  })

  it('are not sent again to who has them, and are when they were built anew', async () => {
    const { host, pageRoot } = await openHost()
    const ask = (headers: Record<string, string>) =>
      get(host.port, path, { headers: { 'accept-encoding': 'br', ...headers } })
    const first = await ask({})
    const etag = String(first.headers.etag)
    expect(await ask({ 'if-none-match': `"other", W/${etag}` })).toMatchObject({ status: 304, body: '' })
    // Each coding is a body of its own.
    expect((await ask({ 'if-none-match': etag, 'accept-encoding': 'gzip' })).status).toBe(200)
    await writeFile(join(pageRoot, path), `${LARGE}// anew`)
    const second = await ask({ 'if-none-match': etag })
    expect(second.status).toBe(200)
    expect(brotliDecompressSync(second.bytes).toString()).toBe(`${LARGE}// anew`)
  })
})

describe('the WebSocket of the web host', () => {
  it('deflates long messages for a client that takes it, and they say the same', async () => {
    const { host } = await openHost()
    const inflated = connectClient(host.port, host.token)
    const plain = connectClient(host.port, host.token, { perMessageDeflate: false })
    expect(await inflated.client.registries.list()).toEqual(await plain.client.registries.list())
    expect(inflated.received()).toBeLessThan(plain.received() / 3)
    const before = [inflated.received(), plain.received()]
    await Promise.all([inflated.client.runs.list(), plain.client.runs.list()])
    // Shorter than a packet: as it is.
    expect(inflated.received() - before[0]).toBe(plain.received() - before[1])
  })

  it('measures a message inflated: one that is small only on the line is refused', async () => {
    const { host } = await openHost()
    const { socket } = connectClient(host.port, host.token)
    await once(socket, 'open')
    socket.send('x'.repeat(4 * 2 ** 20 + 1))
    expect((await once(socket, 'close'))[0]).toBe(1009)
  })

  it('opens for the token, from its own page', async () => {
    const { host } = await openHost()
    const address = `ws://127.0.0.1:${host.port}/rpc?key=`
    const origin = `http://127.0.0.1:${host.port}`
    expect(await knock(address + host.token, { origin })).toBe(101)
    expect(await knock(`${address}${host.token}x`, { origin })).toBe(401)
    expect(await knock(address, { origin })).toBe(401)
    expect(await knock(`ws://127.0.0.1:${host.port}/rpc`, { origin })).toBe(401)
    expect(await knock(address + host.token, { origin: 'http://evil.example' })).toBe(403)
    expect(await knock(address + host.token, { origin: `https://127.0.0.1:${host.port}` })).toBe(403)
    expect(await knock(address + host.token, {})).toBe(403)
    expect(await knock(address + host.token, { origin, host: 'evil.example' })).toBe(421)
    expect(await knock(`ws://127.0.0.1:${host.port}/other?key=${host.token}`, { origin })).toBe(404)
  })

  it('gives each workspace a token of its own, in the fragment only', async () => {
    const [{ host: a }, { host: b }] = [await openHost(), await openHost()]
    expect(a.token).not.toBe(b.token)
    expect(a.token).toMatch(/^[\w-]{43}$/)
    expect(new URL(a.url).hash).toBe(`#token=${a.token}`)
    expect(new URL(a.url).search).toBe('')
  })

  it('speaks the contract: answers, errors and streams', async () => {
    const { host } = await openHost()
    const { client } = connectClient(host.port, host.token)
    expect(await client.runs.list()).toEqual([])
    await expect(client.runs.show({ id: 'x' })).rejects.toMatchObject({
      code: 'HYDRA',
      data: { code: 'RUN_UNKNOWN' },
    })
    const { job } = await client.datasets.import({ source: 'echo' })
    const types = new Set<string>()
    for await (const event of await client.jobs.watch({ id: job })) types.add(event.type)
    expect([...types]).toEqual(['state', 'progress', 'log'])
  })

  it('lets go of a stream whose page is gone, and the job goes on', async () => {
    const { host, workbench } = await openHost()
    const first = connectClient(host.port, host.token)
    const { job } = await first.client.datasets.import({ source: 'hang' })
    const stream = await first.client.jobs.watch({ id: job })
    await stream.next()
    first.socket.terminate()
    const second = connectClient(host.port, host.token)
    expect((await second.client.jobs.show({ id: job })).state).toBe('running')
    await second.client.jobs.cancel({ id: job })
    await waitUntil(async () => (await second.client.jobs.show({ id: job })).state === 'cancelled')
    expect(workbench.recovered).toEqual([])
  })

  it('says when the port is taken', async () => {
    const { host, workbench, workspace } = await openHost()
    await expect(
      openWebHost({
        router: workbench.router,
        workspace,
        token: host.token,
        uploads: { folder: workbench.uploads },
        exportedFile: workbench.exportedFile,
        pageRoot: '/',
        port: host.port,
      }),
    ).rejects.toMatchObject({
      code: 'USAGE',
    })
  })
})

describe('a browser that once had the token', () => {
  /** What a page does with the token of its address. */
  const enter = (port: number, body: string, headers: Record<string, string> = {}) =>
    get(port, '/session', {
      method: 'POST',
      body,
      headers: { origin: `http://127.0.0.1:${port}`, 'content-length': String(body.length), ...headers },
    })

  it('gets a cookie that scripts and other sites cannot use, and a page key; only both open the line', async () => {
    const { host } = await openHost()
    const answer = await enter(host.port, host.token)
    expect(answer.status).toBe(200)
    const [set] = answer.headers['set-cookie'] as string[]
    expect(set).toMatch(/^hydra-[0-9a-f]{16}=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/rpc$/)
    expect(set).not.toContain(host.token)
    const [cookie] = set.split(';')
    const origin = `http://127.0.0.1:${host.port}`
    const line = (key: string) => `ws://127.0.0.1:${host.port}/rpc?key=${key}`
    expect(await knock(line(answer.body), { origin, cookie })).toBe(101)
    expect(await knock(line(answer.body), { origin, cookie: `other=1; ${cookie}` })).toBe(101)
    expect(await knock(line(answer.body), { origin })).toBe(401)
    expect(await knock(line(answer.body), { origin, cookie: `${cookie}x` })).toBe(401)
    expect(await knock(line(''), { origin, cookie })).toBe(401)
    expect(await knock(line(cookie.split('=')[1]), { origin, cookie })).toBe(401)
    // With both, too, from its own page only.
    expect(await knock(line(answer.body), { origin: 'http://evil.example', cookie })).toBe(403)
    expect(await knock(line(answer.body), { cookie })).toBe(403)
    expect(await knock(line(answer.body), { origin, cookie, host: 'evil.example' })).toBe(421)
  })

  it('is let in for the token alone, from its own page, in a short message', async () => {
    const { host } = await openHost()
    expect((await enter(host.port, `${host.token}x`)).status).toBe(401)
    expect((await enter(host.port, '')).status).toBe(401)
    expect((await enter(host.port, 'x'.repeat(300))).status).toBe(413)
    expect((await enter(host.port, host.token, { origin: 'http://evil.example' })).status).toBe(403)
    expect((await enter(host.port, host.token, { host: 'evil.example' })).status).toBe(421)
    expect((await get(host.port, '/session')).status).toBe(404)
    for (const bad of [await enter(host.port, 'x'), await enter(host.port, host.token, { origin: '' })])
      expect(bad.headers['set-cookie']).toBeUndefined()
  })

  it('gets cookies of two workspaces that do not take each other’s place', async () => {
    const [{ host: a }, { host: b }] = [await openHost(), await openHost()]
    const name = async (port: number, token: string) =>
      String((await enter(port, token)).headers['set-cookie']).split('=')[0]
    expect(await name(a.port, a.token)).not.toBe(await name(b.port, b.token))
  })

  it('is let in again when the workspace is served anew', async () => {
    const root = await temporaryFolder()
    const first = await openHost(root)
    const { headers, body } = await enter(first.host.port, first.host.token)
    const [cookie] = String(headers['set-cookie']).split(';')
    await first.close()
    const { host } = await openHost(root)
    expect(host.token).toBe(first.host.token)
    const origin = `http://127.0.0.1:${host.port}`
    expect(await knock(`ws://127.0.0.1:${host.port}/rpc?key=${body}`, { origin, cookie })).toBe(101)
  })
})
