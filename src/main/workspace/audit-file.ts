import { readdir } from 'node:fs/promises'
import { HydraError } from '../../shared/errors'
import { type Audit, auditSchema } from '../../shared/schemas/audit'
import { readJson, writeJsonAtomic } from '../files/atomic-write'
import { isSafeId, workspacePaths } from './paths'

const EXTENSION = '.json'

export function writeAudit(workspace: string, audit: Audit): Promise<void> {
  return writeJsonAtomic(workspacePaths(workspace).audit(audit.id), auditSchema.parse(audit))
}

export async function readAudit(workspace: string, id: string): Promise<Audit> {
  if (!isSafeId(id)) throw unknownAudit(id)
  try {
    return await readJson(workspacePaths(workspace).audit(id), auditSchema)
  } catch (error) {
    if (error instanceof HydraError && error.code === 'FILE_MISSING') throw unknownAudit(id)
    throw error
  }
}

/** Newest first. Files that are no audits are left alone. */
export async function listAudits(workspace: string): Promise<Audit[]> {
  const names = await readdir(workspacePaths(workspace).audits).catch(() => [])
  const ids = names
    .filter((name) => name.endsWith(EXTENSION))
    .map((name) => name.slice(0, -EXTENSION.length))
    .filter(isSafeId)
  const audits = await Promise.all(ids.map((id) => readAudit(workspace, id).catch(() => null)))
  return audits
    .filter((audit) => audit !== null)
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt) || b.id.localeCompare(a.id))
}

function unknownAudit(id: string): HydraError {
  return new HydraError('AUDIT_UNKNOWN', {
    expected: 'the id of an audit in this workspace',
    got: JSON.stringify(id),
    remedy: 'Start one.',
    command: 'hydra audit --tasks TASKS',
  })
}
