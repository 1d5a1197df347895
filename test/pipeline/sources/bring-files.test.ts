import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { bringFiles } from '../../../src/main/pipeline/sources/bring-files'
import { smallDataset, zipOf } from '../../engine/datasets/small-dataset'
import { madeContext } from '../../made-context'
import { temporaryFolder } from '../../temporary-folder'
import { startArchive } from './archive-server'
import { madeSource } from './made-source'

const content = zipOf(smallDataset())
const source = madeSource(content)
let folder: string
let context: ReturnType<typeof madeContext>

beforeEach(async () => {
  folder = await temporaryFolder()
  context = madeContext(folder)
  for (const name of ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy']) vi.stubEnv(name, '')
  onTestFinished(() => void vi.unstubAllEnvs())
})

const cached = () => join(folder, 'cache', 'sources', 'made-small', 'small.zip')

async function archive(files: Parameters<typeof startArchive>[0] = { 'small.zip': content }) {
  const server = await startArchive(files)
  vi.stubEnv('BEIR_ENDPOINT', `${server.endpoint}/`)
  return server
}

/** The address of a server that is gone. */
async function nowhere(): Promise<string> {
  const server = createServer()
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  await new Promise((closed) => server.close(closed))
  return `http://127.0.0.1:${port}`
}

describe('a file of an archive', () => {
  it('is brought once, and held to its checksum', async () => {
    const { requests } = await archive()
    expect(await bringFiles(source, [], context)).toEqual([cached()])
    expect(new Uint8Array(readFileSync(cached()))).toEqual(content)
    await bringFiles(source, [], context)
    expect(requests).toEqual(['/small.zip whole'])
  })

  it('is gone on with where a connection broke off', async () => {
    const server = await archive()
    server.cuts = 1
    await bringFiles(source, [], context)
    expect(server.requests).toHaveLength(2)
    expect(server.requests[1]).toMatch(/^\/small\.zip bytes=[1-9]\d*-$/)
    expect(new Uint8Array(readFileSync(cached()))).toEqual(content)
  })

  it('is gone on with by the next import, where this one was cancelled', async () => {
    const server = await archive()
    server.cuts = 1
    const stop = new AbortController()
    const emit = () => stop.abort()
    const cut = bringFiles(source, [], madeContext(folder, { signal: stop.signal, emit }))
    await expect(cut).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(existsSync(cached())).toBe(false)
    expect(existsSync(`${cached()}.part`)).toBe(true)
    await bringFiles(source, [], context)
    expect(new Uint8Array(readFileSync(cached()))).toEqual(content)
  })

  it('that is another one is thrown away', async () => {
    await archive({ 'small.zip': content.map((byte) => byte ^ 1) })
    const refusal = await bringFiles(source, [], context).catch((error) => error)
    expect(refusal).toMatchObject({ code: 'SOURCE_CORRUPT' })
    expect(refusal.detail.expected).toContain(source.files[0].checksum.hex)
    expect([cached(), `${cached()}.part`].some((path) => existsSync(path))).toBe(false)
  })

  it('that is not there, and no network, end with what to do instead', async () => {
    await archive({})
    const absent = await bringFiles(source, [], context).catch((error) => error)
    expect(absent).toMatchObject({ code: 'DOWNLOAD_FAILED', detail: { got: 'HTTP 404' } })
    expect(absent.detail.command).toBe('hydra datasets import made/small --from small.zip')
    vi.stubEnv('BEIR_ENDPOINT', await nowhere())
    const offline = await bringFiles(source, [], context).catch((error) => error)
    expect(offline).toMatchObject({ code: 'DOWNLOAD_FAILED', detail: { got: 'ECONNREFUSED' } })
    expect(offline.detail.command).toBe(absent.detail.command)
    vi.stubEnv('BEIR_ENDPOINT', 'nowhere')
    await expect(bringFiles(source, [], context)).rejects.toMatchObject({ code: 'USAGE' })
  })
})

describe('a file that a person gives', () => {
  it('is taken by its checksum, whatever it is called', async () => {
    const own = join(folder, 'copy of it')
    writeFileSync(own, content)
    expect(await bringFiles(source, [own], context)).toEqual([own])
  })

  it('is refused where it is none of the source', async () => {
    const other = join(folder, 'small.zip')
    writeFileSync(other, 'else')
    await expect(bringFiles(source, [other], context)).rejects.toMatchObject({ code: 'SOURCE_CORRUPT' })
    const absent = bringFiles(source, [join(folder, 'absent')], context)
    await expect(absent).rejects.toMatchObject({ code: 'FILE_MISSING' })
  })
})

describe('a package', () => {
  const npm = madeSource(content, { kind: 'npm', package: 'small', version: '1.0.0' })
  const pip = madeSource(content, { kind: 'pip', package: 'small', version: '1.0.0' })
  /** A client that puts a file where it runs, and what it was called with. */
  function client(brings: Uint8Array | null, installed = 'npm', words = '') {
    const asked: string[] = []
    const runProgram = async (program: string, args: readonly string[], where: string) => {
      asked.push([program, ...args].join(' '))
      if (program !== installed) return null
      if (brings) writeFileSync(join(where, 'small.zip'), brings)
      return { code: brings ? 0 : 1, lastWords: words }
    }
    return { asked, context: madeContext(folder, { runProgram }) }
  }

  it('comes by the client that is installed', async () => {
    const { asked, context } = client(content)
    expect(await bringFiles(npm, [], context)).toEqual([cached()])
    expect(asked).toEqual(['npm pack small@1.0.0 --ignore-scripts --silent'])
    expect(existsSync(`${cached()}.fetching`)).toBe(false)
  })

  it('comes by the first of several that is there', async () => {
    const { asked, context } = client(content, 'pip3')
    await bringFiles(pip, [], context)
    expect(asked.map((words) => words.split(' ')[0])).toEqual(['pip', 'pip3'])
    expect(asked[1]).toMatch(/^pip3 download --no-deps .*small==1\.0\.0$/)
  })

  it('that the client cannot bring, or that is another one, is told of', async () => {
    const failing = client(null, 'npm', 'npm error code ENOTFOUND')
    const failure = await bringFiles(npm, [], failing.context).catch((error) => error)
    expect(failure).toMatchObject({ code: 'DOWNLOAD_FAILED', detail: { got: 'npm error code ENOTFOUND' } })
    const none = bringFiles(npm, [], client(content, 'another').context)
    await expect(none).rejects.toMatchObject({ code: 'DOWNLOAD_FAILED' })
    const other = bringFiles(npm, [], client(Buffer.from('else')).context)
    await expect(other).rejects.toMatchObject({ code: 'SOURCE_CORRUPT' })
    expect(existsSync(cached())).toBe(false)
  })
})
