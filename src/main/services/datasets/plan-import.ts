import { existsSync } from 'node:fs'
import type { z } from 'zod'
import { isBuiltIn } from '../../../shared/built-in-datasets'
import type { importPlanRequestSchema, importPlanSchema } from '../../../shared/schemas/dataset'
import { readDatasetRecord } from '../../engine/datasets/dataset-record'
import { checkId, idOfSource } from '../../engine/datasets/importing/dataset-id'
import { findSource, isSource } from '../../engine/datasets/sources'
import { workspacePaths } from '../../workspace/paths'
import { runsOn } from './remove-dataset'

/** Which id an import would give, and what stands there already. */
export async function planImport(
  workspace: string,
  { source, id: asked, documents }: z.output<typeof importPlanRequestSchema>,
): Promise<z.input<typeof importPlanSchema>> {
  const id = asked === undefined ? await idOf(source, documents) : checkId(asked)
  const folder = workspacePaths(workspace).dataset(id)
  if (!existsSync(folder)) return { id, taken: null, free: id }
  // What lies there need not be readable to be in the way.
  const record = await readDatasetRecord(folder).catch(() => null)
  const taken = { title: record?.title ?? id, importedAt: record?.importedAt ?? null }
  return { id, taken: { ...taken, runs: await runsOn(workspace, id) }, free: freeId(workspace, id) }
}

async function idOf(source: string, documents: number | 'all' | undefined): Promise<string> {
  if (isSource(source)) return findSource(source).id
  if (!isBuiltIn(source)) return idOfSource(source)
  const { wordNetSource } = await import('../../engine/datasets/wordnet/wordnet-sources')
  return wordNetSource(source, documents)?.id ?? source
}

function freeId(workspace: string, id: string): string {
  for (let number = 2; ; number++)
    if (!existsSync(workspacePaths(workspace).dataset(`${id}-${number}`))) return `${id}-${number}`
}
