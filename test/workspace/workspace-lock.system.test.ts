import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { processStart } from '../../src/main/files/process-identity'
import { lockWorkspace, workspaceWriter } from '../../src/main/workspace/workspace-lock'
import { bundleFixture } from '../bundle-fixture'
import { temporaryFolder } from '../temporary-folder'

const now = () => new Date('2026-03-04T05:06:07Z')

describe('lockWorkspace', () => {
  let holder: string
  beforeAll(async () => {
    holder = await bundleFixture('test/workspace/lock-holder.ts')
  })

  async function holdInProcess(workspace: string): Promise<ChildProcess> {
    const child = spawn(process.execPath, [holder, workspace], { stdio: ['ignore', 'pipe', 'inherit'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    await once(child.stdout, 'data')
    return child
  }

  it('lets one writer in, names it to the next, and lets that one in afterwards', async () => {
    const workspace = await temporaryFolder()
    const first = await lockWorkspace(workspace, 'electron', now)
    const refused = lockWorkspace(workspace, 'terminal', now)
    await expect(refused).rejects.toMatchObject({ code: 'WORKSPACE_LOCKED' })
    await expect(refused).rejects.toThrow(`process ${process.pid}`)
    first.release()
    expect(await workspaceWriter(workspace)).toBeNull()
    const second = await lockWorkspace(workspace, 'terminal', now)
    expect((await workspaceWriter(workspace))?.host).toBe('terminal')
    second.release()
  })

  it('refuses while another process holds it, and takes it over once that one was killed', async () => {
    const workspace = await temporaryFolder()
    const child = await holdInProcess(workspace)
    const refused = lockWorkspace(workspace, 'terminal', now)
    await expect(refused).rejects.toMatchObject({ code: 'WORKSPACE_LOCKED' })
    await expect(refused).rejects.toThrow(`process ${child.pid}`)
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(await workspaceWriter(workspace)).toBeNull()
    const lock = await lockWorkspace(workspace, 'terminal', now)
    expect(lock.owner.pid).toBe(process.pid)
    lock.release()
  })

  it.runIf(processStart(process.pid) !== null)(
    'takes over from a process whose pid is in use again',
    async () => {
      const workspace = await temporaryFolder()
      const lock = await lockWorkspace(workspace, 'terminal', now)
      const path = join(workspace, '.lock')
      const owner = JSON.parse(await readFile(path, 'utf8'))
      await writeFile(path, JSON.stringify({ ...owner, processStart: '1', token: 'other' }))
      const second = await lockWorkspace(workspace, 'web', now)
      expect(second.owner.host).toBe('web')
      // The first one's release must not take the second one's lock away.
      lock.release()
      expect((await workspaceWriter(workspace))?.host).toBe('web')
      second.release()
    },
  )

  it('does not judge a process of another machine', async () => {
    const workspace = await temporaryFolder()
    const lock = await lockWorkspace(workspace, 'terminal', now)
    const path = join(workspace, '.lock')
    await writeFile(path, JSON.stringify({ ...lock.owner, machine: 'elsewhere', pid: 1 }))
    await expect(lockWorkspace(workspace, 'web', now)).rejects.toMatchObject({ code: 'WORKSPACE_LOCKED' })
    lock.release()
  })

  it('lets exactly one of many in when all meet a stale lock at once', async () => {
    for (let round = 0; round < 15; round++) {
      const workspace = await temporaryFolder()
      await writeFile(join(workspace, '.lock'), 'half a line')
      const all = await Promise.allSettled(
        Array.from({ length: 12 }, () => lockWorkspace(workspace, 'web', now)),
      )
      const locks = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
      expect(locks).toHaveLength(1)
      locks[0].release()
      expect(await readdir(workspace)).toEqual([])
    }
  })

  it('says when the workspace is a file', async () => {
    const file = join(await temporaryFolder(), 'file')
    await writeFile(file, '')
    await expect(lockWorkspace(file, 'web', now)).rejects.toMatchObject({ code: 'WORKSPACE_INVALID' })
  })
})
