import { HydraError } from '../../shared/errors'
import type { ServiceContext } from './service-context'

/** Jobs write runs and datasets: a host that opened the workspace to read may not start one. */
export function requireWriter(context: ServiceContext): void {
  if (context.mode === 'write') return
  throw new HydraError('USAGE', {
    expected: 'a workspace that was opened to be written',
    got: 'one that was opened to be read',
    remedy: 'Open it for writing (mode: write).',
  })
}
