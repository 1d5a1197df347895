import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { listHubFiles } from '../../../src/main/engine/encoders/adding/hub'
import { hubAccess } from '../../../src/main/pipeline/models/hub-access'
import { startHub } from '../../engine/encoders/hub-server'
import { tinyBert } from '../../engine/encoders/model-fixture'

const never = new AbortController().signal

/** A proxy that tunnels, and the places that it was asked for. */
async function startProxy(): Promise<{ address: string; asked: string[] }> {
  const asked: string[] = []
  const proxy = createServer().on('connect', (request, socket) => {
    asked.push(request.url ?? '')
    const [host, port] = (request.url ?? '').split(':')
    const through = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      through.pipe(socket).pipe(through)
    })
    for (const end of [through, socket]) end.on('error', () => undefined)
    onTestFinished(() => void socket.destroy())
  })
  await new Promise<void>((ready) => proxy.listen(0, '127.0.0.1', ready))
  onTestFinished(() => void proxy.close())
  return { address: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, asked }
}

describe('hubAccess', () => {
  it('takes endpoint and token from the environment', async () => {
    expect(await hubAccess({})).toMatchObject({ endpoint: 'https://huggingface.co', token: undefined, fetch })
    expect(await hubAccess({ HF_ENDPOINT: 'https://mirror.example/hub/', HF_TOKEN: 't' })).toMatchObject({
      endpoint: 'https://mirror.example/hub',
      token: 't',
    })
  })

  it.each(['mirror.example', 'ftp://mirror.example', 'http://'])(
    'refuses %j without repeating it',
    async (place) => {
      const failure = await hubAccess({ HF_ENDPOINT: place }).catch((error) => error)
      expect(failure).toMatchObject({ code: 'USAGE' })
      expect(failure.detail.got).not.toContain(place)
    },
  )

  it('goes through the proxy, and around it where NO_PROXY says so', async () => {
    const server = await startHub('org/tiny', tinyBert)
    const proxy = await startProxy()
    const host = new URL(server.endpoint).host
    const list = async (environment: Record<string, string>) => {
      const hub = await hubAccess({ HF_ENDPOINT: server.endpoint, ...environment })
      return (await listHubFiles(hub, 'org/tiny', 'main', never)).files.length
    }
    expect(await list({ HTTP_PROXY: proxy.address })).toBeGreaterThan(5)
    expect(proxy.asked).toEqual([host])
    expect(await list({ http_proxy: proxy.address, NO_PROXY: '127.0.0.1' })).toBeGreaterThan(5)
    expect(proxy.asked).toEqual([host])
  })

  it('says that a proxy is not there without showing its password', async () => {
    const server = await startHub('org/tiny', tinyBert)
    const hub = await hubAccess({
      HF_ENDPOINT: server.endpoint,
      http_proxy: 'http://me:pass@127.0.0.1:59998',
    })
    const failure = await listHubFiles(hub, 'org/tiny', 'main', never).catch((error) => error)
    expect(failure).toMatchObject({ code: 'DOWNLOAD_FAILED', detail: { got: 'ECONNREFUSED' } })
    expect(failure.message).not.toContain('pass')
  })
})
