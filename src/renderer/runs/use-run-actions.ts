import { shallowRef } from 'vue'
import type { HydraError } from '../../shared/errors'
import type { AnnotationChange } from '../../shared/schemas/runs/annotations'
import type { RunSummary } from '../../shared/schemas/runs/run-summary'
import { useClient } from '../api/client'
import { toFailure } from '../api/to-failure'
import { plural } from '../display/format'

/** What was done last, in words, and how it is taken back. */
export interface Undoable {
  readonly words: string
  undo(): Promise<void>
}

/** What a person does to runs. Lists hear of it by their stream; here is only what failed, and what can be undone. */
export function useRunActions() {
  const client = useClient()
  const failure = shallowRef<HydraError | null>(null)
  const done = shallowRef<Undoable | null>(null)

  async function act(work: () => Promise<unknown>): Promise<boolean> {
    failure.value = null
    try {
      await work()
      return true
    } catch (error) {
      failure.value = toFailure(error)
      return false
    }
  }
  const annotate = (runs: readonly RunSummary[], change: AnnotationChange) =>
    act(() => client.runs.annotate({ ids: idsOf(runs), ...change }))

  async function archive(runs: readonly RunSummary[], archived: boolean): Promise<boolean> {
    done.value = null
    const isDone = await annotate(runs, { archived })
    if (isDone)
      done.value = {
        words: `${archived ? 'Archived' : 'Back in the list'}: ${nameOf(runs)}.`,
        undo: () => undo(() => client.runs.annotate({ ids: idsOf(runs), archived: !archived })),
      }
    return isDone
  }

  async function remove(runs: readonly RunSummary[]): Promise<boolean> {
    done.value = null
    const isDone = await act(() => client.runs.delete({ ids: idsOf(runs) }))
    if (isDone)
      done.value = {
        words: `Deleted: ${nameOf(runs)}.`,
        undo: () => undo(() => client.runs.restore({ ids: idsOf(runs) })),
      }
    return isDone
  }

  async function undo(work: () => Promise<unknown>): Promise<void> {
    if (await act(work)) done.value = null
  }

  return { failure, done, annotate, archive, remove }
}

export type RunActions = ReturnType<typeof useRunActions>

const idsOf = (runs: readonly RunSummary[]) => runs.map(({ id }) => id)

function nameOf(runs: readonly RunSummary[]): string {
  return runs.length === 1 ? `“${runs[0].title}”` : plural(runs.length, 'run')
}
