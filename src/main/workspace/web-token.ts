import { randomBytes } from 'node:crypto'
import { lstat } from 'node:fs/promises'
import { z } from 'zod'
import { readJson, writeJsonAtomic } from '../files/atomic-write'
import { workspacePaths } from './paths'

/** 256 random bits, as text that needs no escaping in an address. */
const TOKEN_BYTES = 32
const OWNER_ONLY = 0o600
const OF_OTHERS = 0o077

const tokenSchema = z.object({ version: z.literal(1), token: z.string().regex(/^[\w-]{43}$/) })

/**
 * The token of the web host, the same at every start, so that open windows find back to a host that was started again. One
 * that others could read or have written is replaced; so is a file that holds none. Whoever asks holds the workspace's lock.
 */
export async function webToken(workspace: string): Promise<string> {
  const path = workspacePaths(workspace).webToken
  const kept = (await isPrivate(path)) ? await readJson(path, tokenSchema).catch(() => null) : null
  if (kept) return kept.token
  const made: z.infer<typeof tokenSchema> = {
    version: 1,
    token: randomBytes(TOKEN_BYTES).toString('base64url'),
  }
  await writeJsonAtomic(path, made, OWNER_ONLY)
  return made.token
}

/** A file, no link, that only this account may read. Windows keeps no such bits: there the folder's rights count. */
async function isPrivate(path: string): Promise<boolean> {
  const file = await lstat(path).catch(() => null)
  if (!file?.isFile()) return false
  return process.getuid === undefined || (file.uid === process.getuid() && (file.mode & OF_OTHERS) === 0)
}
