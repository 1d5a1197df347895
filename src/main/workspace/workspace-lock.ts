import { randomBytes } from 'node:crypto'
import { readFileSync, unlinkSync } from 'node:fs'
import { link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { z } from 'zod'
import { HydraError } from '../../shared/errors'
import { workspacePaths } from './paths'
import { isProcessAlive, processStart } from './process-identity'

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
      await setAside(path, holder)
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
    remedy: 'Choose another folder with --workspace, or give yourself the right to write there.',
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
  try {
    return ownerSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return null
  }
}

/** On another machine (a shared folder) nobody can tell; there the lock counts until a person removes it. */
function isOwnerAlive(owner: LockOwner): boolean {
  return owner.machine !== hostname() || isProcessAlive(owner.pid, owner.processStart)
}

/**
 * Moves a stale lock out of the way. Between judging and moving another process may have taken the workspace over:
 * what was moved is read again, and a lock that was not the judged one goes back.
 */
async function setAside(path: string, judged: LockOwner | null): Promise<void> {
  const aside = `${path}.stale-${randomBytes(4).toString('hex')}.tmp`
  try {
    await rename(path, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  const moved = await readOwner(aside)
  if (moved && moved.token !== judged?.token && isOwnerAlive(moved)) await linkIfFree(aside, path)
  await rm(aside, { force: true })
}

function removeIfOurs(path: string, token: string): void {
  try {
    if (ownerSchema.parse(JSON.parse(readFileSync(path, 'utf8'))).token === token) unlinkSync(path)
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
        ? 'Wait for it or close it, or name another folder with --workspace. Commands that only read work meanwhile.'
        : `Close it there. If that machine is gone, delete ${workspacePaths(workspace).lock}.`,
    where: workspace,
  })
}
