import { z } from 'zod'
import { remoteServiceSchema } from '../../../shared/schemas/model'
import { addRemote } from '../../engine/encoders/remote/add-remote'
import { workspacePaths } from '../../workspace/paths'
import { defineOperation } from '../operation'
import { remoteAccess } from './remote-access'

/** Asks a service for some vectors and notes what it is under a name. */
export const addRemoteModel = defineOperation({
  name: 'add-remote',
  input: z.strictObject({ service: remoteServiceSchema, id: z.string() }),
  output: z.strictObject({ model: z.string() }),
  session: false,
  async run({ service, id }, context) {
    const model = await addRemote({
      service,
      id,
      modelsFolder: workspacePaths(context.workspace).models,
      access: await remoteAccess(service, process.env),
      now: context.now,
      signal: context.signal,
    })
    return { model: model.id }
  },
})

declare module '../operation' {
  interface Operations {
    'add-remote': typeof addRemoteModel
  }
}
