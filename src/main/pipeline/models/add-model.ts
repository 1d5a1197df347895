import { isAbsolute } from 'node:path'
import { z } from 'zod'
import { HydraError } from '../../../shared/errors'
import { addModel } from '../../engine/encoders/adding/add-model'
import { hubModelSource } from '../../engine/encoders/adding/hub-source'
import { localModelSource, type ModelSource } from '../../engine/encoders/adding/model-source'
import { parseHubName } from '../../engine/encoders/model-name'
import { tryPairModel } from '../../engine/teachers/try-pair-model'
import { workspacePaths } from '../../workspace/paths'
import { defineOperation, type OperationContext } from '../operation'
import { progressMeter } from '../progress-meter'
import { hubAccess } from './hub-access'

export const addModelFiles = defineOperation({
  name: 'add-model',
  input: z.strictObject({
    source: z.string(),
    id: z.string(),
    weights: z.enum(['int8', 'fp32', 'fp16']).optional(),
  }),
  output: z.strictObject({ model: z.string() }),
  session: false,
  async run({ source, id, weights }, context) {
    const opened = isAbsolute(source) ? await localModelSource(source) : await openHub(source, context)
    try {
      const model = await addModel({
        source: opened,
        id,
        modelsFolder: workspacePaths(context.workspace).models,
        wanted: weights,
        now: context.now,
        signal: context.signal,
        pause: context.pause,
        onProgress: progressMeter({
          phase: `bring ${id}`,
          unit: 'bytes',
          emit: context.emit,
          now: context.now,
        }),
        tryPair: tryPairModel,
      })
      return { model: model.id }
    } finally {
      opened.close()
    }
  },
})

declare module '../operation' {
  interface Operations {
    'add-model': typeof addModelFiles
  }
}

async function openHub(name: string, { signal }: OperationContext): Promise<ModelSource> {
  const parsed = parseHubName(name)
  if (parsed) return hubModelSource(await hubAccess(process.env), parsed.id, parsed.revision, signal)
  throw new HydraError('USAGE', {
    expected: 'a folder, a zip, or a model of the hub as ORG/NAME or ORG/NAME@REVISION',
    got: JSON.stringify(name),
    remedy: 'Check the path or the name.',
  })
}
