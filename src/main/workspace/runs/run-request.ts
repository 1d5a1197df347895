import { readFile, rm } from 'node:fs/promises'
import { z } from 'zod'
import { writeJsonAtomic } from '../../files/atomic-write'
import { workspacePaths } from '../paths'

const requestSchema = z.object({ version: z.literal(1), ask: z.enum(['pause', 'cancel']) })
export type RunAsk = z.infer<typeof requestSchema>['ask']

/**
 * `runs/<id>/request.json`: how a second process asks the one that runs a run to stop it. The only file of a workspace that
 * may be written without its lock: whoever runs the run looks for it twice a second and removes it.
 */
export function askRun(workspace: string, run: string, ask: RunAsk): Promise<void> {
  const request: z.infer<typeof requestSchema> = { version: 1, ask }
  return writeJsonAtomic(workspacePaths(workspace).run(run).request, request)
}

/** What is asked of the run, or null; a file that is not one of ours asks nothing. */
export async function readRunRequest(workspace: string, run: string): Promise<RunAsk | null> {
  const text = await readFile(workspacePaths(workspace).run(run).request, 'utf8').catch(() => '')
  try {
    return requestSchema.parse(JSON.parse(text)).ask
  } catch {
    return null
  }
}

export function clearRunRequest(workspace: string, run: string): Promise<void> {
  return rm(workspacePaths(workspace).run(run).request, { force: true })
}
