import { randomBytes } from 'node:crypto'
import { readFileSync, unlinkSync } from 'node:fs'
import { link, mkdir, readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { HydraError } from '../../shared/errors'
import { isProcessAlive, processStart } from '../files/process-identity'
import { workspacePaths } from './paths'

const ownerSchema = z.object({
  version: z.literal(1),
  pid: z.number().int(),
  /** Clock ticks since boot at which the process started, where the platform says. */
  processStart: z.string().nullable(),
  machine: z.string(),
  /** `electron`, `web` or `terminal`. */
  host: z.string(),
  startedAt: z.string(),
  token: z.string(),
})
export type LockOwner = z.infer<typeof ownerSchema>

const GUARD_EXPIRES_MS = 5000
const GUARD_PAUSE_MS = 5

export interface WorkspaceLock {
  readonly owner: LockOwner
  release(): void
}

/**
 * One writer per workspace: `.lock` names the process that holds it. A lock whose process is gone is taken over.
 * The file appears by `link`, complete or not at all, so nobody reads half of it.
 */
export async function lockWorkspace(
  workspace: string,
  host: string,
  now: () => Date,
): Promise<WorkspaceLock> {
  await makeWorkspace(workspace)
  const path = workspacePaths(workspace).lock
  const token = randomBytes(8).toString('hex')
  const owner: LockOwner = {
    version: 1,
    pid: process.pid,
    processStart: processStart(process.pid),
    machine: hostname(),
    host,
    startedAt: now().toISOString(),
    token,
  }
  const prepared = `${path}.${process.pid}-${token}.tmp`
  await writeFile(prepared, `${JSON.stringify(owner, null, 2)}\n`)
  try {
    while (!(await linkIfFree(prepared, path))) {
      const holder = await readOwner(path)
      if (holder && isOwnerAlive(holder)) throw lockedBy(workspace, holder)
      await removeStale(path)
    }
  } finally {
    await rm(prepared, { force: true })
  }
  const release = () => {
    process.off('exit', release)
    removeIfOurs(path, token)
  }
  process.on('exit', release)
  return { owner, release }
}

/** Who writes to the workspace now, or null. */
export async function workspaceWriter(workspace: string): Promise<LockOwner | null> {
  const owner = await readOwner(workspacePaths(workspace).lock)
  return owner && isOwnerAlive(owner) ? owner : null
}

async function makeWorkspace(workspace: string): Promise<void> {
  try {
    await mkdir(workspace, { recursive: true })
    if ((await stat(workspace)).isDirectory()) return
  } catch (error) {
    throw workspaceInvalid(workspace, (error as Error).message)
  }
  throw workspaceInvalid(workspace, 'a file')
}

function workspaceInvalid(workspace: string, got: string): HydraError {
  return new HydraError('WORKSPACE_INVALID', {
    expected: 'a folder that may be written',
    got,
    remedy: 'Choose another folder, or give yourself the right to write there.',
    where: workspace,
  })
}

async function linkIfFree(prepared: string, path: string): Promise<boolean> {
  try {
    await link(prepared, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Null for a lock that is not there or not one of ours: nobody can be asked whether it still counts. */
async function readOwner(path: string): Promise<LockOwner | null> {
  return parseOwner(await readFile(path, 'utf8').catch(() => ''))
}

function parseOwner(text: string): LockOwner | null {
  try {
    return ownerSchema.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/** On another machine (a shared folder) nobody can tell; there the lock counts until a person removes it. */
function isOwnerAlive(owner: LockOwner): boolean {
  return owner.machine !== hostname() || isProcessAlive(owner.pid, owner.processStart)
}

/**
 * Removes a stale lock, one taker at a time: under the guard the lock is judged again, and as long as the stale file is
 * there nobody can put another in its place. Without the guard a slow taker would remove the lock of a quicker one.
 */
async function removeStale(path: string): Promise<void> {
  const guard = `${path}.taking-over`
  try {
    await mkdir(guard)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    const { mtimeMs } = await stat(guard).catch(() => ({ mtimeMs: Date.now() }))
    // Its holder needs milliseconds: one that is older was cut off in between.
    if (Date.now() - mtimeMs > GUARD_EXPIRES_MS) await rmdir(guard).catch(() => undefined)
    else await sleep(GUARD_PAUSE_MS)
    return
  }
  try {
    const text = await readFile(path, 'utf8').catch(() => null)
    // Gone: whoever comes first may have it, and what stands there a moment later is not ours to remove.
    if (text === null) return
    const holder = parseOwner(text)
    if (!holder || !isOwnerAlive(holder)) await rm(path, { force: true })
  } finally {
    await rmdir(guard)
  }
}

function removeIfOurs(path: string, token: string): void {
  try {
    if (parseOwner(readFileSync(path, 'utf8'))?.token === token) unlinkSync(path)
  } catch {
    // Gone already, or another's: nothing of ours to remove.
  }
}

const HOST_WORDS: Record<string, string> = {
  electron: 'the desktop window',
  web: 'a web host (hydra serve)',
  terminal: 'a command in a terminal',
}

function lockedBy(workspace: string, holder: LockOwner): HydraError {
  const there = holder.machine === hostname() ? '' : ` on ${holder.machine}`
  return new HydraError('WORKSPACE_LOCKED', {
    expected: 'no other process that writes to this workspace',
    got: `process ${holder.pid}${there}, ${HOST_WORDS[holder.host] ?? holder.host}, writing since ${holder.startedAt}`,
    remedy:
      holder.machine === hostname()
        ? 'Wait for it or close it, or name another workspace. Commands that only read work meanwhile.'
        : `Close it there. If that machine is gone, delete ${workspacePaths(workspace).lock}.`,
    where: workspace,
  })
}
