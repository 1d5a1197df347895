import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { chmod, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { addModel, STAGING } from '../../../src/main/engine/encoders/adding/add-model'
import type { Hub } from '../../../src/main/engine/encoders/adding/hub'
import { hubModelSource } from '../../../src/main/engine/encoders/adding/hub-source'
import { localModelSource, type ModelSource } from '../../../src/main/engine/encoders/adding/model-source'
import { resolveModel } from '../../../src/main/engine/encoders/model-folder'
import { tryPairModel } from '../../../src/main/engine/teachers/try-pair-model'
import { temporaryFolder } from '../../temporary-folder'
import { waitUntil } from '../../wait-until'
import { COMMIT, type HubServer, startHub } from './hub-server'
import { copyModel, setJson, tinyBert, tinyStatic } from './model-fixture'

const never = new AbortController().signal

function hubOf(server: HubServer, token?: string): Hub {
  return { endpoint: server.endpoint, token, fetch }
}

interface Asked {
  source: ModelSource
  modelsFolder: string
  id?: string
  wanted?: 'int8' | 'fp32'
  signal?: AbortSignal
  pause?: AbortSignal
  onProgress?: (bytes: number, total: number) => void
}

function add({ source, modelsFolder, id = 'org/tiny', ...rest }: Asked) {
  return addModel({
    source,
    id,
    modelsFolder,
    wanted: undefined,
    now: () => new Date(0),
    signal: never,
    pause: never,
    onProgress: () => undefined,
    tryPair: tryPairModel,
    ...rest,
  })
}

/** A source of the hub, ready to be added under `models` of a fresh folder. */
async function fromHub(
  server: HubServer,
  modelsFolder: string,
  rest: Partial<Asked> & { token?: string } = {},
) {
  const { token, ...asked } = rest
  const source = await hubModelSource(hubOf(server, token), 'org/tiny', 'main', never)
  return add({ source, modelsFolder, ...asked })
}

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error) => error,
  )
const filesOf = async (folder: string) =>
  (await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []))
    .filter((one) => one.isFile())
    .map(({ name }) => name)

/** Resolves when so many bytes of the graph lie in the folder. */
const storedIn = (models: string) => (bytes: number) =>
  waitUntil(async () => {
    const parts = await readdir(models, { recursive: true }).catch(() => [])
    const part = parts.find((path) => path.endsWith('model.onnx.part'))
    return bytes === 0 || (part !== undefined && (await stat(join(models, part))).size >= bytes)
  })

describe('from the hub', () => {
  it('brings what the encoder needs, with progress, and holds it to its checksums ever after', async () => {
    const server = await startHub('org/tiny', tinyBert)
    const models = await temporaryFolder()
    const progress: [number, number][] = []
    const model = await fromHub(server, models, { onProgress: (...one) => progress.push(one) })
    const own = await resolveModel(tinyBert, [])
    expect(model).toMatchObject({ id: 'org/tiny', fingerprint: own.fingerprint, dimensions: 32 })
    expect(readdirSync(models)).toEqual(['org'])
    const source = JSON.parse(await readFile(join(models, 'org/tiny/SOURCE.json'), 'utf8'))
    expect(source).toMatchObject({
      version: 1,
      from: `org/tiny@${COMMIT}`,
      addedAt: '1970-01-01T00:00:00.000Z',
    })
    expect(source.files['onnx/model.onnx'].sha256).toBe(own.sha256)
    expect(progress.every(([bytes, total]) => bytes <= total)).toBe(true)
    expect(progress.at(-1)![0]).toBe(progress.at(-1)![1])

    const graph = join(models, 'org/tiny/onnx/model.onnx')
    const bytes = await readFile(graph)
    bytes[50] ^= 1
    await writeFile(graph, bytes)
    await expect(resolveModel('org/tiny', [models])).rejects.toMatchObject({ code: 'MODEL_CORRUPT' })
  })

  it('goes on by range within one call when the connection breaks', async () => {
    const models = await temporaryFolder()
    const faults = { cutAfter: 30_000, cuts: 2, stored: storedIn(models) }
    const server = await startHub('org/tiny', tinyBert, faults)
    await fromHub(server, models)
    const ranges = server.requests.filter(({ path }) => path.includes('signature')).map(({ range }) => range)
    expect(ranges).toEqual([undefined, 'bytes=30000-', 'bytes=60000-'])
  })

  it('goes on by range in the next call after a connection that brings nothing', async () => {
    const models = await temporaryFolder()
    const faults = { cutAfter: 20_000, cuts: 1, stored: storedIn(models) }
    const server = await startHub('org/tiny', tinyBert, faults)
    const source = await hubModelSource(hubOf(server), 'org/tiny', 'main', never)
    // From then on every connection ends at once.
    const failure = await failureOf(
      add({
        source,
        modelsFolder: models,
        onProgress: (bytes) => {
          if (bytes > 20_000) Object.assign(server.faults, { cutAfter: 0, cuts: 99 })
        },
      }),
    )
    expect(failure).toMatchObject({ code: 'DOWNLOAD_FAILED' })
    expect(failure.detail.expected).toBe(`${readFileSync(join(tinyBert, 'onnx/model.onnx')).length} bytes`)
    expect(failure.detail.got).toContain('20000 bytes')
    expect(existsSync(join(models, 'org'))).toBe(false)
    server.faults.cuts = 0
    server.requests.length = 0
    expect(await fromHub(server, models)).toMatchObject({ dimensions: 32 })
    // What was whole is not asked for again.
    expect(server.requests.filter(({ path }) => path.includes('config.json'))).toEqual([])
    expect(server.requests.at(-1)!.range).toBe('bytes=20000-')
    expect(readdirSync(models)).toEqual(['org'])
  })

  it('begins again where the server knows no ranges', async () => {
    const models = await temporaryFolder()
    const faults = { cutAfter: 30_000, cuts: 1, whole: true, stored: storedIn(models) }
    const server = await startHub('org/tiny', tinyBert, faults)
    expect(await fromHub(server, models)).toMatchObject({ dimensions: 32 })
    expect(server.requests.at(-1)!.range).toBe('bytes=30000-')
  })

  it('pauses and goes on where it stopped; a cancel leaves nothing', async () => {
    const server = await startHub('org/tiny', tinyBert, { slow: 4000 })
    const models = await temporaryFolder()
    const stopAt = (controller: AbortController) => (bytes: number) => {
      if (bytes > 40_000) controller.abort()
    }
    const pause = new AbortController()
    const paused = await failureOf(
      fromHub(server, models, { pause: pause.signal, onProgress: stopAt(pause) }),
    )
    expect(paused).toMatchObject({ code: 'PAUSED' })
    expect(await filesOf(models)).toContain('model.onnx.part')
    server.requests.length = 0

    const cancel = new AbortController()
    const cancelled = await failureOf(
      fromHub(server, models, { signal: cancel.signal, onProgress: stopAt(cancel) }),
    )
    expect(cancelled).toMatchObject({ code: 'CANCELLED' })
    expect(server.requests.at(-1)!.range).toMatch(/^bytes=[1-9]\d+-$/)
    expect(await filesOf(models)).toEqual([])
    expect(existsSync(join(models, STAGING))).toBe(false)
  })

  it.each(['onnx/model.onnx', 'tokenizer.json'])(
    'throws %s away when its checksum is another',
    async (file) => {
      const server = await startHub('org/tiny', tinyBert, { corrupt: file })
      const models = await temporaryFolder()
      const failure = await failureOf(fromHub(server, models))
      expect(failure).toMatchObject({ code: 'MODEL_CORRUPT' })
      expect(failure.detail.where).toContain(file)
      expect(failure.detail.where).not.toContain('s3cret')
      expect(failure.detail.expected).toMatch(/^(sha256 [0-9a-f]{64}|git blob hash [0-9a-f]{40})$/)
      expect(await filesOf(models)).toEqual([])
    },
  )

  it('sends the token to the hub alone, and shows it to nobody', async () => {
    const token = 'hf_mysecret'
    const server = await startHub('org/tiny', tinyBert, { token })
    const models = await temporaryFolder()
    for (const wrong of [undefined, 'hf_other']) {
      const refused = await failureOf(fromHub(server, models, { token: wrong }))
      expect(refused).toMatchObject({ code: 'DOWNLOAD_FAILED', detail: { got: 'HTTP 401' } })
      expect(refused.detail.remedy).toContain('HF_TOKEN')
      expect(JSON.stringify(refused) + refused.stack).not.toContain('hf_other')
    }
    const lines: string[] = []
    await fromHub(server, models, { token, onProgress: (...one) => lines.push(one.join()) })
    const stored = server.requests.filter(({ path }) => path.includes('signature'))
    expect(stored.length).toBeGreaterThan(0)
    expect(stored.every(({ authorization }) => authorization === undefined)).toBe(true)
    const written = await Promise.all(
      (await readdir(models, { recursive: true }))
        .filter((path) => path.endsWith('.json'))
        .map((path) => readFile(join(models, path), 'utf8')),
    )
    expect(written.join() + lines.join()).not.toContain(token)
  })

  it.each([
    ['nothing listens there', 'http://127.0.0.1:59998', 'ECONNREFUSED'],
    ['there is no such model', null, 'HTTP 404'],
  ])('is DOWNLOAD_FAILED where %s', async (_what, endpoint, got) => {
    const server = await startHub('org/other', tinyBert)
    const hub = { ...hubOf(server), ...(endpoint ? { endpoint } : {}) }
    const failure = await failureOf(hubModelSource(hub, 'org/tiny', 'main', never))
    expect(failure).toMatchObject({ code: 'DOWNLOAD_FAILED', detail: { got } })
  })

  it('says which weights a model would need to have', async () => {
    const folder = await copyModel(tinyBert, join(await temporaryFolder(), 'model'))
    await rm(join(folder, 'onnx'), { recursive: true })
    await writeFile(join(folder, 'model.safetensors'), 'weights for PyTorch')
    const models = await temporaryFolder()
    const failure = await failureOf(fromHub(await startHub('org/tiny', folder), models))
    expect(failure).toMatchObject({ code: 'MODEL_UNSUPPORTED', detail: { got: 'model.safetensors' } })
    expect(failure.detail.expected).toContain('onnx/model.onnx')
    expect(await filesOf(models)).toEqual([])
  })

  it('brings a static model', async () => {
    const model = await fromHub(await startHub('org/tiny', tinyStatic), await temporaryFolder())
    expect(model).toMatchObject({ kind: 'static', dimensions: 48 })
  })
})

describe('from this machine', () => {
  it('copies a folder and holds it to the list that it comes with', async () => {
    const models = await temporaryFolder()
    const source = await localModelSource(tinyBert)
    expect(await add({ source, modelsFolder: models, id: 'tiny' })).toMatchObject({
      id: 'tiny',
      dimensions: 32,
    })
    const changed = await copyModel(join(models, 'tiny'), join(await temporaryFolder(), 'changed'))
    await chmod(join(changed, 'config.json'), 0o644)
    await setJson(changed, 'config.json', { vocab_size: 7 })
    const failure = await failureOf(
      add({ source: await localModelSource(changed), modelsFolder: models, id: 'again' }),
    )
    expect(failure).toMatchObject({ code: 'MODEL_CORRUPT' })
    expect(readdirSync(models)).toEqual(['tiny'])
  })

  it.each(['', 'tiny-bert/'])('unpacks a zip with the model at %j', async (prefix) => {
    const names = readdirSync(tinyBert, { recursive: true, encoding: 'utf8' }).filter((one) =>
      /\.\w+$/.test(one),
    )
    const entries = names.map((name) => [
      prefix + name.split(sep).join('/'),
      new Uint8Array(readFileSync(join(tinyBert, name))),
    ])
    const zip = join(await temporaryFolder(), 'tiny.zip')
    await writeFile(zip, zipSync(Object.fromEntries(entries)))
    const source = await localModelSource(zip)
    const models = await temporaryFolder()
    const model = await add({ source, modelsFolder: models, id: 'tiny' })
    source.close()
    expect(model.fingerprint).toBe((await resolveModel(tinyBert, [])).fingerprint)
    expect(await filesOf(models)).not.toContain('reference-texts.json')
  })

  it('refuses a zip without a model, a path without anything, and a model that does not open', async () => {
    const folder = await temporaryFolder()
    const zip = join(folder, 'empty.zip')
    await writeFile(zip, zipSync({ 'readme.txt': new Uint8Array(3) }))
    await expect(localModelSource(zip)).rejects.toMatchObject({ code: 'MODEL_MISSING' })
    await expect(localModelSource(join(folder, 'none'))).rejects.toMatchObject({ code: 'FILE_MISSING' })
    const broken = await copyModel(tinyBert, join(folder, 'broken'))
    await writeFile(join(broken, 'onnx/model.onnx'), 'no graph')
    const models = await temporaryFolder()
    const failure = await failureOf(
      add({ source: await localModelSource(broken), modelsFolder: models, id: 'broken' }),
    )
    // The file that a person has, and not the copy that is gone again.
    const where = join(broken, 'onnx/model.onnx')
    expect(failure).toMatchObject({ code: 'MODEL_UNSUPPORTED', detail: { where } })
    expect(readdirSync(models)).toEqual([])
  })
})
