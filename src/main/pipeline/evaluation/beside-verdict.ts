import { toHydraError } from '../../../shared/errors'
import { updateRun } from '../../workspace/runs/run-folder'
import type { OperationContext } from '../operation'

/**
 * Writes files that lie beside a run's verdict. What hinders it, a full disk as well, is a warning in the log and in the
 * run's notes, and the verdict is written all the same; only who stops the work is obeyed. A note of an earlier try goes.
 * @param what as the note calls the files: `The TREC run files`
 */
export async function besideVerdict(
  what: string,
  run: string,
  write: () => Promise<void>,
  context: Pick<OperationContext, 'workspace' | 'emit' | 'now'>,
): Promise<void> {
  const opening = `${what} were not written: `
  const failure = await write().then(
    () => null,
    (thrown: unknown) => toHydraError(thrown),
  )
  if (failure?.code === 'CANCELLED' || failure?.code === 'PAUSED') throw failure
  const notes = failure ? [`${opening}${failure.message}`] : []
  for (const message of notes)
    context.emit({ type: 'log', at: context.now().getTime(), level: 'warning', message })
  // A disk without room may not take the note either; the log has it.
  await updateRun(context.workspace, run, ({ notes: earlier }) => ({
    notes: [...earlier.filter((note) => !note.startsWith(opening)), ...notes],
  })).catch((error: unknown) => {
    if (!failure) throw error
  })
}
