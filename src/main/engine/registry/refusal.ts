import { HydraError } from '../../../shared/errors'
import type { BackendRefusal, RefusalCode } from '../../../shared/schemas/system'

/** Thrown by a backend that cannot be used here and knows why. */
export class BackendRefused extends Error {
  override readonly name = 'BackendRefused'

  constructor(
    readonly code: RefusalCode,
    message: string,
  ) {
    super(message)
  }
}

/** Any failure of a backend to start as what Doctor shows. */
export function refusalOf(thrown: unknown): BackendRefusal {
  if (thrown instanceof BackendRefused) return { code: thrown.code, detail: thrown.message }
  if (thrown instanceof HydraError && thrown.code === 'DEVICE_LOST')
    return { code: 'device-lost', detail: thrown.detail.got }
  if (thrown instanceof HydraError && thrown.code === 'DEVICE_MEMORY')
    return { code: 'out-of-memory', detail: thrown.detail.got }
  const message = thrown instanceof Error ? thrown.message.split('\n')[0] : String(thrown)
  return { code: 'does-not-start', detail: message }
}
