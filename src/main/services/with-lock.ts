import { lockWorkspace } from '../workspace/workspace-lock'
import type { ServiceContext } from './service-context'

/** A host that only reads takes the workspace's lock for the moment. */
export async function withLock<Result>(
  { workspace, mode, host, now }: ServiceContext,
  work: () => Promise<Result>,
): Promise<Result> {
  const lock = mode === 'write' ? null : await lockWorkspace(workspace, host, now)
  try {
    return await work()
  } finally {
    lock?.release()
  }
}
