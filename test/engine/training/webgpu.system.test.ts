import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { isInstalled } from '../../../src/main/engine/registry/installed-package'
import { bundleFixture } from '../../bundle-fixture'

const run = promisify(execFile)

/** The software adapter that comes with Chromium, for Vulkan’s loader. */
const SOFTWARE = '/usr/lib/chromium/vk_swiftshader_icd.json'
const LOADERS = ['/usr/lib/x86_64-linux-gnu/libvulkan.so.1', '/usr/lib/aarch64-linux-gnu/libvulkan.so.1']
const missing = [
  ...['webgpu', '@tensorflow/tfjs-backend-webgpu'].filter((name) => !isInstalled(name)),
  ...(existsSync(SOFTWARE) ? [] : [SOFTWARE]),
  ...(LOADERS.some(existsSync) ? [] : ['libvulkan1']),
]

interface Trained {
  readonly losses: number[]
  readonly norms: number[]
  readonly heads: number[][]
  readonly leaked: number
}

let script: string

/** What the script answers; rejects where its process does not end well. */
async function answer<T>(what: string, drivers: string): Promise<T> {
  const { stdout } = await run(process.execPath, [script, what], {
    env: { ...process.env, VK_ICD_FILENAMES: drivers, HYDRA_ALLOW_SOFTWARE_GPU: '1' },
    timeout: 240_000,
    maxBuffer: 2 ** 26,
  })
  return JSON.parse(stdout)
}

function expectNear(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(actual).toHaveLength(expected.length)
  const furthest = actual.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i])), 0)
  expect(furthest).toBeLessThan(tolerance)
}

describe.skipIf(missing.length > 0)(
  `WebGPU on Chromium’s software adapter${missing.length > 0 ? `: no ${missing.join(', ')}` : ''}`,
  () => {
    beforeAll(async () => {
      script = await bundleFixture('test/engine/training/webgpu-training.ts')
    })

    it('trains what the other backends train, leaves no tensor, and its process ends well', async () => {
      const { cpu, wasm, webgpu } = await answer<{ cpu: number[]; wasm: Trained; webgpu: Trained }>(
        'parity',
        SOFTWARE,
      )
      expectNear(webgpu.losses.slice(0, 30), cpu, 1e-5)
      expectNear(webgpu.losses, wasm.losses, 1e-4)
      expectNear(webgpu.norms, wasm.norms, 1e-3)
      expectNear(webgpu.heads.flat(), wasm.heads.flat(), 1e-3)
      expect(webgpu.losses).toHaveLength(100)
      expect(webgpu.leaked).toBe(0)
      // It has learned something, and heads are not all alike.
      expect(webgpu.losses.at(-1)).toBeLessThan(webgpu.losses[0])
      expect(webgpu.heads[0]).not.toEqual(webgpu.heads[1])
    }, 240_000)

    it('refuses software that nobody has allowed; a lost device ends a training that goes on elsewhere', async () => {
      const told = await answer<{
        software: { code: string }
        reason: string
        full: string
        after: string | null
        lost: string
        begun: number
        whole: Trained
        resumed: Trained
      }>('faults', SOFTWARE)
      expect(told.software.code).toBe('software-adapter')
      expect(told.reason).toContain('swiftshader')
      expect([told.full, told.after]).toEqual(['DEVICE_MEMORY', null])
      expect([told.lost, told.begun]).toEqual(['DEVICE_LOST', 6])
      // AdamW makes a whole step of a gradient that is nearly 0, so of its last digits.
      expectNear(told.resumed.losses, told.whole.losses.slice(6), 2e-3)
      expectNear(told.resumed.heads.flat(), told.whole.heads.flat(), 1e-3)
    }, 240_000)

    it('without a driver there is no adapter', async () => {
      await expect(answer('no adapter', '/nonexistent')).resolves.toMatchObject({ code: 'no-adapter' })
    }, 60_000)
  },
)
