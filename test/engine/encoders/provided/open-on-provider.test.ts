import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { resolveModel } from '../../../../src/main/engine/encoders/model-folder'
import { CHECK_TEXTS } from '../../../../src/main/engine/encoders/provided/check-texts'
import {
  openOnProvider,
  openProviderEncoder,
} from '../../../../src/main/engine/encoders/provided/open-on-provider'
import { providerRefusal } from '../../../../src/main/engine/encoders/provided/provider-refusal'
import { providers } from '../../../../src/main/engine/encoders/providers'
import type { TokenRow } from '../../../../src/main/engine/encoders/token-session'
import { openEncoderParts } from '../../../../src/main/engine/encoders/transformer-encoder'
import { temporaryFolder } from '../../../temporary-folder'
import { copyModel, tinyBert } from '../model-fixture'

const onGpu = () => resolveModel(`${tinyBert}?provider=webgpu`, [])

/** A card of which the processor is made: what it opens, and what it does to the numbers or throws. */
function card(does: (values: Float32Array, rows: readonly TokenRow[]) => void = () => {}) {
  const opened: string[] = []
  let open = 0
  const make: typeof openEncoderParts = async (model, runtime) => {
    opened.push(`${runtime} ${model.dtype}`)
    open++
    const parts = await openEncoderParts(model, 'cpu')
    const release = async () => {
      open--
      await parts.session.release()
    }
    const run: typeof parts.session.run = async (rows) => {
      const made = await parts.session.run(rows)
      if (runtime !== 'cpu') does(made.data as Float32Array, rows)
      return made
    }
    return { ...parts, session: { ...parts.session, run, release } }
  }
  return { make, opened, stillOpen: () => open }
}

it('what it is checked on are 16 texts, none of them twice', () => {
  expect(new Set(CHECK_TEXTS).size).toBe(16)
})

it('whose vectors are those of the processor is used, several texts at once', async () => {
  const { make, opened, stillOpen } = card()
  const provided = await openOnProvider(await onGpu(), make)
  expect(provided.cosine).toBeGreaterThan(0.999999)
  expect([1, 8, 32]).toContain(provided.rows)
  expect(provided.textsPerSecond).toBeGreaterThan(0)
  expect(opened).toEqual(['webgpu fp32', 'cpu fp32'])
  expect((await provided.encoder.encode(['a', 'b'])).rows).toBe(2)
  await provided.encoder.dispose()
  expect(stillOpen()).toBe(0)
})

it('whose vectors are others is refused, and nothing of it stays open', async () => {
  const { make, stillOpen } = card((values) => {
    for (let i = 0; i < values.length; i += 3) values[i] *= 1.5
  })
  await expect(openOnProvider(await onGpu(), make)).rejects.toMatchObject({ code: 'self-check-failed' })
  expect(stillOpen()).toBe(0)
  await expect(openProviderEncoder(await onGpu(), make)).rejects.toMatchObject({
    code: 'BACKEND_UNAVAILABLE',
    detail: { got: expect.stringContaining('self-check-failed') },
  })
})

it('a device that is lost or full while it encodes is told as such', async () => {
  for (const [words, code] of [
    ['the device was lost', 'DEVICE_LOST'],
    ['BFCArena: Failed to allocate memory', 'DEVICE_MEMORY'],
  ]) {
    let broken = false
    const { make } = card(() => {
      if (broken) throw new Error(words)
    })
    const { encoder } = await openOnProvider(await onGpu(), make)
    broken = true
    await expect(encoder.encode(['a'])).rejects.toMatchObject({ code })
    await encoder.dispose()
  }
})

describe('why a provider does not start, by ONNX Runtime’s own words', () => {
  it.each([
    ['no available backend found. ERR: [dml] backend not found.', 'other-platform'],
    ['OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library', 'no-library'],
    ['x.cc:136 … was false. Failed to get a WebGPU adapter: No supported adapters', 'no-adapter'],
    ['CUDA failure 100: no CUDA-capable device is detected', 'no-adapter'],
    ['CUDA out of memory', 'out-of-memory'],
    ['Device is lost', 'device-lost'],
    ['something else', 'does-not-start'],
  ])('%s', async (words, code) => {
    expect(providerRefusal(new Error(words)).code).toBe(code)
    const open = async () => Promise.reject(new Error(words))
    await expect(openOnProvider(await onGpu(), open)).rejects.toMatchObject({ code })
  })

  it('those that are not in the build for this platform refuse here', async () => {
    const elsewhere = process.platform === 'linux' ? ['directml', 'coreml'] : []
    for (const name of elsewhere) {
      const model = await resolveModel(`${tinyBert}?provider=${name}`, [])
      await expect(openOnProvider(model)).rejects.toMatchObject({ code: 'other-platform' })
    }
    expect(providers.map(({ name }) => name)).toEqual(['cuda', 'directml', 'coreml', 'webgpu', 'cpu'])
  })
})

describe('a name that says the provider', () => {
  it('has vectors of its own in the cache, and is opened again by what it is called', async () => {
    const [usual, cpu, gpu, cuda] = await Promise.all(
      ['', '?provider=cpu', '?provider=webgpu', '?provider=cuda'].map((option) =>
        resolveModel(`${tinyBert}${option}`, []),
      ),
    )
    expect(cpu).toEqual(usual)
    expect(new Set([usual, gpu, cuda].map(({ fingerprint }) => fingerprint)).size).toBe(3)
    expect(gpu.sha256).toBe(usual.sha256)
    expect(await resolveModel(gpu.id, [])).toEqual(gpu)
    await expect(resolveModel(`${tinyBert}?provider=abacus`, [])).rejects.toMatchObject({ code: 'USAGE' })
  })

  it('takes weights in half precision where the folder has them, checked by those in full', async () => {
    const folder = await copyModel(tinyBert, join(await temporaryFolder(), 'model'))
    const { weights } = await resolveModel(folder, [])
    const half = join(folder, 'onnx', 'model_fp16.onnx')
    await copyFile(weights, half)
    const model = await resolveModel(`${folder}?provider=webgpu`, [])
    expect([model.dtype, model.weights, model.reference]).toEqual([
      'fp16',
      half,
      { weights: expect.stringMatching(/model\.onnx$/), dtype: 'fp32' },
    ])
    expect((await resolveModel(folder, [])).dtype).not.toBe('fp16')
    expect((await resolveModel(`${folder}:fp32?provider=webgpu`, [])).dtype).toBe('fp32')
    const { make, opened } = card()
    await (await openOnProvider(model, make)).encoder.dispose()
    expect(opened).toEqual(['webgpu fp16', 'cpu fp32'])
  })
})
