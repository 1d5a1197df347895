import type { RefusalCode } from '../../../../shared/schemas/system'
import { BackendRefused, refusalOf } from '../../registry/refusal'

/** ONNX Runtime has no codes, so its words are all that there is to look at. */
const WORDS: readonly (readonly [RegExp, RefusalCode])[] = [
  [/backend not found/i, 'other-platform'],
  [/failed to load (shared )?library|cannot open shared object|libcu\w*\.so/i, 'no-library'],
  [
    /no supported adapters|failed to get a webgpu adapter|no CUDA-capable device|no CUDA GPUs?/i,
    'no-adapter',
  ],
  [/out of memory|bad_alloc|failed to allocate/i, 'out-of-memory'],
  [/device (was |is )?lost|device removed/i, 'device-lost'],
]

/** Why a provider did not start or ended, from what was thrown. */
export function providerRefusal(thrown: unknown): BackendRefused {
  if (thrown instanceof BackendRefused) return thrown
  const { code, detail } = refusalOf(thrown)
  if (code !== 'does-not-start') return new BackendRefused(code, detail)
  const [, found] = WORDS.find(([words]) => words.test(detail)) ?? []
  return new BackendRefused(found ?? code, lastSentence(detail))
}

/** Without the place in ONNX Runtime's own sources that a message begins with. */
function lastSentence(message: string): string {
  const parts = message.split(/ was false\. | \[ONNXRuntimeError\] : \d+ : \w+ : /)
  return (parts.at(-1) ?? message).trim()
}
