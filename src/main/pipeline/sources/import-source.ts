import { z } from 'zod'
import { HydraError } from '../../../shared/errors'
import { importRequestSchema } from '../../../shared/schemas/dataset'
import { listDatasets } from '../../engine/datasets/dataset-record'
import { checkId } from '../../engine/datasets/importing/dataset-id'
import { datasetOf, type SourceFiles } from '../../engine/datasets/importing/dataset-layout'
import { openFiles } from '../../engine/datasets/importing/dataset-source'
import { familyLayout } from '../../engine/datasets/importing/family/family-layout'
import { importFamilyFiles } from '../../engine/datasets/importing/family/import-family'
import { importSource as importDataset } from '../../engine/datasets/importing/import-beir'
import { findSource } from '../../engine/datasets/sources'
import type { SourceSpec } from '../../engine/datasets/sources/source-spec'
import { sourceTerms } from '../../engine/datasets/sources/source-terms'
import { workspacePaths } from '../../workspace/paths'
import { importMembers } from '../datasets/import-members'
import { noteFindings } from '../datasets/note-findings'
import { defineOperation, type OperationContext } from '../operation'
import { progressMeter } from '../progress-meter'
import { bringFiles, forgetFiles } from './bring-files'

const input = importRequestSchema.pick({
  source: true,
  from: true,
  id: true,
  replace: true,
  seed: true,
  split: true,
})

/** A source by its name: says under which licence it is, brings its files, and imports what they are or what is made of them. */
export const importSource = defineOperation({
  name: 'import-source',
  input,
  output: z.strictObject({ imported: z.array(z.string()), refused: z.array(z.string()) }),
  session: false,
  run: (request, context) => importFrom(findSource(request.source), request, context),
})

declare module '../operation' {
  interface Operations {
    'import-source': typeof importSource
  }
}

/** The same of a source that is given. */
export async function importFrom(
  source: SourceSpec,
  request: z.output<typeof input>,
  context: OperationContext,
): Promise<{ imported: string[]; refused: string[] }> {
  const { workspace, emit, now } = context
  const id = checkId(request.id ?? source.id)
  if (!request.replace) await refuseTaken(id, source, workspace)
  const message = `${source.title}. ${sourceTerms(source)}`
  emit({ type: 'log', at: now().getTime(), level: 'info', message })
  const paths = await bringFiles(source, request.from ?? [], context)
  const opened = await openSource(source, paths, context)
  try {
    const imported = familyLayout(opened.files.keys())
      ? await importMembers(familyOf(opened), request.seed, context)
      : { imported: [await importOne(opened)], refused: [] }
    await forgetFiles(source, context)
    return imported
  } finally {
    opened.close()
  }

  function familyOf(files: SourceFiles) {
    return importFamilyFiles(files, id, options(), about(source))
  }

  async function importOne(files: SourceFiles): Promise<string> {
    const dataset = datasetOf(files, source.name)
    const record = await importDataset(dataset, id, options(), {
      about: { ...about(source), title: source.title },
    })
    return (await noteFindings(record, request.seed, context)).id
  }

  function options() {
    const { replace, split } = request
    const { signal } = context
    let meter: ReturnType<typeof progressMeter> | null = null
    return {
      source: source.name,
      replace,
      split,
      workspace,
      now,
      signal,
      onProgress({ phase, done, total, unit }: { phase: string; done: number; total: number; unit: string }) {
        meter ??= progressMeter({ phase, unit, emit, now })
        meter(done, total)
      },
    }
  }
}

async function openSource(
  source: SourceSpec,
  paths: readonly string[],
  { signal, emit, now }: OperationContext,
): Promise<SourceFiles> {
  if (!source.make) return openFiles(paths[0])
  const onProgress = progressMeter({ phase: `read ${source.id}`, unit: 'bytes', emit, now })
  return source.make(paths, { signal, onProgress })
}

function about({ name, version, licence, exclude }: SourceSpec) {
  return { licence, source: `${name}, ${version}`, exclude }
}

/** Before anything is fetched. */
async function refuseTaken(id: string, source: SourceSpec, workspace: string): Promise<void> {
  const datasets = await listDatasets(workspacePaths(workspace).datasets)
  const taken = datasets.find((dataset) => dataset.id === id || dataset.family === id)
  if (!taken) return
  throw new HydraError('DATASET_EXISTS', {
    expected: 'an id that is free',
    got: `a ${taken.family === id ? 'family' : 'dataset'} "${id}" in the workspace`,
    remedy: 'Give another id, or replace it.',
    command: `hydra datasets import ${source.name} --id ID, or --replace`,
  })
}
