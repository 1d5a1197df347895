import { chmod, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { workspacePaths } from '../../src/main/workspace/paths'
import { webToken } from '../../src/main/workspace/web-token'
import { temporaryFolder } from '../temporary-folder'

describe('the token of the web host', () => {
  it('is made once, for this account alone', async () => {
    const workspace = await temporaryFolder()
    const path = workspacePaths(workspace).webToken
    const token = await webToken(workspace)
    expect(token).toMatch(/^[\w-]{43}$/)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ version: 1, token })
    expect(await webToken(workspace)).toBe(token)
    expect(await webToken(await temporaryFolder())).not.toBe(token)
  })

  it('is replaced where others could have read it, and where a link or a broken file stands in its place', async () => {
    const workspace = await temporaryFolder()
    const path = workspacePaths(workspace).webToken
    const first = await webToken(workspace)
    await chmod(path, 0o640)
    const second = await webToken(workspace)
    expect(second).not.toBe(first)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    await writeFile(path, '{"version":1,"token":"short"}')
    const third = await webToken(workspace)
    expect(third).toMatch(/^[\w-]{43}$/)
    const planted = join(await temporaryFolder(), 'planted.json')
    await writeFile(planted, JSON.stringify({ version: 1, token: first }), { mode: 0o600 })
    await rm(path)
    await symlink(planted, path)
    expect(await webToken(workspace)).not.toBe(first)
  })
})
