import { isAbsolute } from 'node:path'
import { HydraError } from '../../../shared/errors'
import { addModel } from '../../engine/encoders/adding/add-model'
import { hubModelSource } from '../../engine/encoders/adding/hub-source'
import { localModelSource, type ModelSource } from '../../engine/encoders/adding/model-source'
import { parseHubName } from '../../engine/encoders/model-name'
import { workspacePaths } from '../../workspace/paths'
import { hubAccess } from '../hub-access'
import type { Operation, OperationContext } from '../operation'
import { progressMeter } from '../progress-meter'

export const addModelFiles: Operation<'add-model'> = async ({ source, id, weights }, context) => {
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
    })
    return { model: model.id }
  } finally {
    opened.close()
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
