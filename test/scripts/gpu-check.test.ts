import { expect, it } from 'vitest'
import { encodingChecks, markdown, trainingChecks } from '../../scripts/gpu-check/checks.mjs'

const trained = { losses: [3, 2], norms: [1, 1], heads: [[1, 0]], leaked: 0 }
const parity = { cpu: [3, 2], wasm: trained, webgpu: trained }
const faults = { full: 'DEVICE_MEMORY', after: null, lost: 'DEVICE_LOST', whole: trained, resumed: trained }
const failed = (checks: readonly { what: string; ok: boolean }[]) =>
  checks.filter(({ ok }) => !ok).map(({ what }) => what)

it('all checks hold of a card that computes as wasm does', () => {
  expect(failed(trainingChecks(parity, faults))).toEqual([])
})

it('each check fails of what differs, and says what came', () => {
  const webgpu = { losses: [3, 2.001, 1], norms: [1, 1.1], heads: [[1, 0.01]], leaked: 2 }
  const whole = { ...trained, heads: [[1, 1]] }
  const checks = trainingChecks(
    { ...parity, webgpu },
    { full: null, after: 'DEVICE_MEMORY', lost: null, whole, resumed: trained },
  )
  expect(failed(checks)).toHaveLength(checks.length)
  expect(checks.find(({ what }) => what === 'tensors left')?.got).toBe('2')
})

it('a provider that refuses fails; the processor is nobody’s check', () => {
  const speed = { weights: 'fp16', rows: 32, textsPerSecond: 1234, cosine: 0.9997 }
  const encoding = { cpu: speed, webgpu: speed, cuda: { refused: 'self-check-failed: .9' } }
  expect(failed(encodingChecks(encoding))).toEqual(['vectors on cuda beside cpu'])
  const int8 = {
    cpu: { ...speed, weights: 'int8' },
    cuda: encoding.cuda,
    webgpu: { refused: 'no-adapter: none' },
  }
  expect(failed(encodingChecks(int8))).toEqual(['vectors on webgpu beside cpu'])
  const text = markdown({
    adapter: 'a card, its driver',
    machine: 'a machine',
    configuration: 'scifact; recommended',
    checks: encodingChecks(encoding),
    backends: [
      { id: 'webgpu', millisecondsPerStep: 3.16, reason: '' },
      { id: 'tfjs-node', millisecondsPerStep: null, reason: 'not installed' },
    ],
    encoder: 'mini',
    encoding,
  })
  expect(text).toContain('| webgpu | 3.16 |  |')
  expect(text).toContain('| tfjs-node | – | not installed |')
  expect(text).toContain('| webgpu | fp16 | 32 | 1234.0 | 0.999700 |')
  expect(text).toContain('FAILS')
})
