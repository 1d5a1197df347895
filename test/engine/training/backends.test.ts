import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { backends } from '../../../src/main/engine/training/backends'
import { deviceFull, deviceLost } from '../../../src/main/engine/training/backends/device'
import { importPackage, loadPackage } from '../../../src/main/engine/training/backends/load-package'
import { refusalOf } from '../../../src/main/engine/registry/refusal'
import { cudaDevice } from '../../../src/main/engine/training/backends/tfjs-node-gpu'
import {
  backendRefusal,
  chooseBackend,
  chooseHeadBackend,
} from '../../../src/main/engine/training/choose-backend'
import { reportBackends } from '../../../src/main/engine/training/report-backends'
import type { BackendRefusal } from '../../../src/shared/schemas/system'
import { temporaryFolder } from '../../temporary-folder'

const names = backends.map(({ name }) => name)
const embedded = ['wasm', 'cpu']
const optional = ['tfjs-node-gpu', 'tfjs-node', 'webgpu']

it('the order in which backends are tried where nothing was measured', () => {
  expect(names).toEqual([...optional, ...embedded])
})

describe('what Doctor says of the backends', () => {
  it('a package that throws when it is loaded is neither found nor chosen, and the reason is its own', async () => {
    const refusals: Record<string, BackendRefusal> = {
      'tfjs-node-gpu': { code: 'no-adapter', detail: 'it runs, but it found no CUDA device' },
      'tfjs-node': { code: 'no-library', detail: 'cannot open libtensorflow' },
      webgpu: { code: 'no-adapter', detail: 'Dawn finds no adapter' },
    }
    const report = await reportBackends(async (id) => refusals[id] ?? null, { isThere: () => true })
    expect(report.map(({ id, found, chosen, refusal }) => [id, found, chosen, refusal])).toEqual([
      ['tfjs-node-gpu', false, false, 'no-adapter'],
      ['tfjs-node', false, false, 'no-library'],
      ['webgpu', false, false, 'no-adapter'],
      ['wasm', true, true, null],
      ['cpu', true, false, null],
    ])
    expect(report[0].reason).toContain('no CUDA device')
    expect(report[1].reason).toContain('cannot open libtensorflow')
    expect(report.map(({ command }) => command !== null)).toEqual([true, true, true, false, false])
  })

  it('loads what is there and nothing else; the first that works is chosen', async () => {
    const tried: string[] = []
    const report = await reportBackends(
      async (id) => {
        tried.push(id)
        return null
      },
      // One of the two packages that WebGPU needs.
      { isThere: (name) => name.endsWith('/tfjs-node') || name === 'webgpu' },
    )
    expect(tried).toEqual(['tfjs-node', ...embedded])
    expect(report.filter(({ chosen }) => chosen).map(({ id }) => id)).toEqual(['tfjs-node'])
    expect(report[0]).toMatchObject({ found: false, refusal: 'not-installed' })
    expect(report[2]).toMatchObject({ found: false, refusal: 'not-installed' })
  })

  it('embedded backends work', async () => {
    for (const id of embedded) expect(await backendRefusal(id)).toBeNull()
    await expect(backendRefusal('abacus')).rejects.toMatchObject({ code: 'OPTION_UNKNOWN' })
  })
})

it('a backend that is not installed is BACKEND_UNAVAILABLE, with the command that installs it', async () => {
  const missing = (await reportBackends(async () => null)).filter(
    ({ refusal }) => refusal === 'not-installed',
  )
  for (const { id, command } of missing) {
    await expect(chooseBackend(id)).rejects.toMatchObject({
      code: 'BACKEND_UNAVAILABLE',
      detail: { command },
    })
  }
  // Two of CUDA and native TensorFlow; nobody has both.
  expect(missing.length).toBeGreaterThan(0)
})

it('a package whose library does not load is no-library', async () => {
  const folder = await temporaryFolder()
  for (const [name, load] of [
    ['broken.cjs', async (file: string) => loadPackage(file)],
    ['broken.mjs', importPackage],
  ] as const) {
    const file = join(folder, name)
    await writeFile(file, "throw new Error('libtensorflow.so.2: cannot open shared object file')")
    const refused = await load(file).then(() => null, refusalOf)
    expect(refused).toMatchObject({ code: 'no-library' })
    expect(refused?.detail).toContain('libtensorflow.so.2')
  }
})

it('what a device says of itself is lost and full, and TensorFlow’s own words for no room are', async () => {
  expect(refusalOf(deviceLost('a card', 'gone')).code).toBe('device-lost')
  expect(refusalOf(deviceFull('a card', 'no room')).code).toBe('out-of-memory')
  expect(refusalOf(new Error('something else')).code).toBe('does-not-start')
  const allocate = cudaDevice.run(async () => {
    throw new Error('OOM when allocating tensor with shape[64,100000] and type float')
  })
  await expect(allocate).rejects.toMatchObject({ code: 'DEVICE_MEMORY' })
  await expect(cudaDevice.run(async () => 1)).resolves.toBe(1)
})

it('a backend that there is not is OPTION_UNKNOWN', async () => {
  await expect(chooseBackend('abacus')).rejects.toMatchObject({ code: 'OPTION_UNKNOWN' })
})

it('the fastest of what was measured is taken, and the reason says by how much', async () => {
  const { id, choice, reason } = await chooseBackend('auto', { wasm: 21.3, cpu: 3.14 })
  expect([id, choice]).toEqual(['cpu', 'measured'])
  expect(reason).toContain('3.1 ms a step, wasm 21 ms')
  expect(await chooseBackend('wasm', { cpu: 1 })).toMatchObject({ id: 'wasm', choice: 'asked' })
  expect(await chooseBackend('auto')).toMatchObject({ choice: 'ordered' })
})

it('what does not work is not taken for being fast; what was not measured comes last', async () => {
  const times = { webgpu: 1, wasm: 3, cpu: 2 }
  const refused: BackendRefusal = { code: 'device-lost', detail: 'gone' }
  const report = await reportBackends(async (id) => (id === 'webgpu' ? refused : null), {
    times,
    isThere: () => true,
  })
  expect(report.map(({ id, chosen, millisecondsPerStep }) => [id, chosen, millisecondsPerStep])).toEqual([
    ['tfjs-node-gpu', false, null],
    ['tfjs-node', false, null],
    ['webgpu', false, null],
    ['wasm', false, 3],
    ['cpu', true, 2],
  ])
})

it('heads of cards are never made on a backend that cannot be read at once', async () => {
  const { id } = await chooseHeadBackend('webgpu')
  expect(id).not.toBe('webgpu')
  expect(names).toContain(id)
})
