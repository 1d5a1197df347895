import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { expect, it } from 'vitest'
import { listAudits, readAudit } from '../../src/main/workspace/audit-file'
import { workspacePaths } from '../../src/main/workspace/paths'
import { temporaryFolder } from '../temporary-folder'

it.each(['nope', '../../etc/passwd', ''])('an audit of the id %j is AUDIT_UNKNOWN', async (id) => {
  await expect(readAudit(await temporaryFolder(), id)).rejects.toMatchObject({ code: 'AUDIT_UNKNOWN' })
})

it('a file that is no audit is FILE_INVALID by its id, and not in the list', async () => {
  const workspace = await temporaryFolder()
  const file = workspacePaths(workspace).audit('broken')
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, '{"version":1}')
  await expect(readAudit(workspace, 'broken')).rejects.toMatchObject({ code: 'FILE_INVALID' })
  expect(await listAudits(workspace)).toEqual([])
})
