import { describe, expect, it } from 'vitest'
import { deleteRuns, restoreRuns } from '../../../src/main/services/runs/deleted-runs'
import type { ServiceContext } from '../../../src/main/services/service-context'
import { createRun, listRuns, updateRun } from '../../../src/main/workspace/runs/run-folder'
import { runDraft } from '../../run-draft'
import { temporaryFolder } from '../../temporary-folder'

const at = new Date('2026-03-04T05:06:07Z')

async function workspaceWith(states: readonly ('done' | 'running' | 'paused')[]) {
  const workspace = await temporaryFolder()
  const ids: string[] = []
  for (const state of states) {
    const { id } = await createRun(workspace, runDraft(), state, at)
    if (state !== 'running') await updateRun(workspace, id, { state })
    ids.push(id)
  }
  const queued = new Set<string>()
  const context = {
    workspace,
    mode: 'write',
    now: () => at,
    queue: { runningJob: (id: string) => (queued.has(id) ? {} : null) },
  } as unknown as ServiceContext
  const left = async () => (await listRuns(workspace)).map(({ id }) => id).sort()
  return { context, ids, queued, left }
}

describe('deleting runs', () => {
  it('deletes all of them or, where one runs or waits for its job, none', async () => {
    const { context, ids, queued, left } = await workspaceWith(['done', 'running', 'paused'])
    const [done, running, paused] = ids
    const code = { code: 'RUN_STATE' }
    await expect(deleteRuns(context, [done, running])).rejects.toMatchObject(code)
    queued.add(paused)
    await expect(deleteRuns(context, [done, paused])).rejects.toMatchObject(code)
    await expect(deleteRuns(context, [done, 'nope'])).rejects.toMatchObject({ code: 'RUN_UNKNOWN' })
    expect(await left()).toEqual([...ids].sort())
    queued.clear()
    expect((await deleteRuns(context, [done, paused])).map(({ id }) => id).sort()).toEqual(
      [done, paused].sort(),
    )
    expect(await left()).toEqual([running])
  })

  it('may be asked twice, and so may bringing them back', async () => {
    const { context, ids, left } = await workspaceWith(['done'])
    const first = await deleteRuns(context, ids)
    expect(await deleteRuns(context, ids)).toEqual(first)
    await restoreRuns(context, ids)
    await restoreRuns(context, ids)
    expect(await left()).toEqual(ids)
  })
})
