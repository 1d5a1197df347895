import * as tf from '@tensorflow/tfjs'
import { z } from 'zod'
import { BackendRefused } from '../../registry/refusal'
import { defineBackend } from './backend'
import { type Device, deviceFull, deviceLost } from './device'
import { importPackage, loadPackage } from './load-package'
import { useBackend } from './use-backend'

const options = z.strictObject({})

/** Set to 1: an adapter that is software counts, which is slower than any other backend, and the same kernels. */
const ALLOW_SOFTWARE = 'HYDRA_ALLOW_SOFTWARE_GPU'

/** The little of WebGPU that is asked here. */
interface Adapter {
  readonly info: {
    readonly vendor: string
    readonly architecture: string
    readonly device: string
    readonly description: string
    readonly isFallbackAdapter?: boolean
  }
  readonly features: { has(name: string): boolean }
  readonly limits: Readonly<Record<string, number>>
  requestDevice(asked: object): Promise<GpuDevice>
}

/** @internal */
export interface GpuDevice {
  readonly limits: Readonly<Record<string, number>>
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>
  pushErrorScope(filter: 'out-of-memory' | 'validation'): void
  popErrorScope(): Promise<{ readonly message: string } | null>
  createBuffer(asked: { readonly size: number; readonly usage: number }): unknown
  destroy(): void
}

interface Gpu {
  requestAdapter(asked: object): Promise<Adapter | null>
}

interface Dawn {
  readonly globals: object
  create(flags: readonly string[]): Gpu
}

interface WebGpuPackage {
  WebGPUBackend: new (device: GpuDevice, info: object) => tf.KernelBackend
}

export const webgpu = defineBackend<typeof options>({
  name: 'webgpu',
  title: 'WebGPU',
  summary:
    'Any graphics card through Vulkan, Metal or Direct3D 12, with nothing of its vendor to install. Debian and Ubuntu need libvulkan1.',
  citation: 'W3C, WebGPU, Candidate Recommendation, 2024; Dawn, its implementation in Chromium',
  options,
  precedence: 3,
  readLater: true,
  from: {
    packages: ['webgpu', '@tensorflow/tfjs-backend-webgpu'],
    command: 'npm install --no-save --save-prod --force webgpu@0.6.2 @tensorflow/tfjs-backend-webgpu@4.22.0',
  },
  async create() {
    const adapter = await findAdapter(await startDawn())
    const { info, limits } = adapter
    const gpu = await adapter.requestDevice({
      requiredFeatures: [],
      requiredLimits: Object.fromEntries(RAISED.map((name) => [name, limits[name]])),
    })
    const { WebGPUBackend } = loadPackage<WebGpuPackage>('@tensorflow/tfjs-backend-webgpu')
    // The package registers a device of its own, whose adapter nobody has looked at.
    if (tf.findBackendFactory('webgpu')) tf.removeBackend('webgpu')
    tf.registerBackend('webgpu', () => new WebGPUBackend(gpu, info))
    if (isSoftware(info)) setForSoftware()
    await useBackend('webgpu')
    return { device: watchedDevice(gpu, nameOf(info)) }
  },
})

/**
 * Matrix products by the kernel that large ones have: those of small ones wait for one another so often that software takes
 * 60 times as long. And many kernels a submission, half of the time of small ones.
 */
function setForSoftware(): void {
  tf.env().set('WEBGPU_MATMUL_PROGRAM_TYPE', PACKED)
  tf.env().set('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE', 500)
}

/** TensorFlow.js's number of the kernel that tiles both matrices. */
const PACKED = 3

/** Limits of the adapter that a device has only when it asks for them: those that TensorFlow.js asks for. */
const RAISED = [
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeWorkgroupSizeX',
  'maxComputeInvocationsPerWorkgroup',
]

let dawn: Gpu | null = null

/** Dawn ends with the object it was made as, so one is kept for as long as the process lives. */
async function startDawn(): Promise<Gpu> {
  if (dawn) return dawn
  const loaded = await importPackage<Dawn>('webgpu')
  Object.assign(globalThis, loaded.globals)
  dawn = loaded.create([])
  // TensorFlow.js looks for it where a browser has it; Node 20 has no navigator at all.
  const place = (globalThis as { navigator?: object }).navigator ?? {}
  Object.defineProperty(place, 'gpu', { value: dawn, configurable: true })
  if (!('navigator' in globalThis))
    Object.defineProperty(globalThis, 'navigator', { value: place, configurable: true })
  return dawn
}

async function findAdapter(gpu: Gpu): Promise<Adapter> {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
  if (!adapter) {
    const hint =
      process.platform === 'linux' ? ': no graphics card with a Vulkan driver, or no libvulkan1' : ''
    throw new BackendRefused('no-adapter', `Dawn finds no adapter${hint}`)
  }
  if (isSoftware(adapter.info) && process.env[ALLOW_SOFTWARE] !== '1') {
    throw new BackendRefused(
      'software-adapter',
      `the only adapter is software (${nameOf(adapter.info)}), slower than wasm; ${ALLOW_SOFTWARE}=1 lets it count`,
    )
  }
  return adapter
}

function isSoftware({ isFallbackAdapter, architecture, description }: Adapter['info']): boolean {
  return (
    isFallbackAdapter === true ||
    /swiftshader|llvmpipe|lavapipe|warp|basic render/i.test(`${architecture} ${description}`)
  )
}

function nameOf({ vendor, architecture, device, description }: Adapter['info']): string {
  return [...new Set([vendor, architecture, device, description])].filter(Boolean).join(', ')
}

/** What Dawn calls what does not fit: an allocation that failed, or a buffer beyond a limit of the device. */
const TOO_LARGE = /exceeds the max|larger than the maximum|max(imum)? (storage )?buffer/i

/**
 * A WebGPU device says what went wrong with it later and to whoever asks: nothing is thrown where it happens.
 * @internal
 */
export function watchedDevice(gpu: GpuDevice, description: string): Device {
  let lost: string | null = null
  void gpu.lost.then(({ reason, message }) => {
    lost = [reason, message.split('\n')[0]].filter(Boolean).join(': ')
  })
  return {
    description,
    mostBytes: Math.min(gpu.limits.maxStorageBufferBindingSize, gpu.limits.maxBufferSize),
    async run(work) {
      if (lost !== null) throw deviceLost(description, lost)
      gpu.pushErrorScope('out-of-memory')
      gpu.pushErrorScope('validation')
      const [outcome] = await Promise.allSettled([work()])
      const faults: Promise<{ readonly message: string } | null>[] = [
        gpu.popErrorScope(),
        gpu.popErrorScope(),
      ]
      const [invalid, memory] = (await Promise.allSettled(faults)).map((one) =>
        one.status === 'fulfilled' ? (one.value?.message ?? null) : null,
      )
      if (lost !== null) throw deviceLost(description, lost)
      if (memory !== null) throw deviceFull(description, memory.split('\n')[0] || 'out of memory')
      if (invalid !== null && TOO_LARGE.test(invalid)) throw deviceFull(description, invalid.split('\n')[0])
      if (invalid !== null) throw new Error(`${description} refuses what it was asked: ${invalid}`)
      if (outcome.status === 'rejected') throw outcome.reason
      return outcome.value
    },
  }
}
