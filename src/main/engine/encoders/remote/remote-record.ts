import { z } from 'zod'
import { type RemoteService, remoteServiceSchema } from '../../../../shared/schemas/model'

/** In place of a model's files, in its folder. It never holds a key, only the name of the variable that does. */
export const REMOTE_FILE = 'remote.json'

export const remoteRecordSchema = remoteServiceSchema.extend({
  version: z.literal(1),
  /** Components of its vectors. */
  width: z.number().int().min(1),
  /** How OpenAI's form of answer carries vectors; some servers know numbers only. */
  encoding: z.enum(['base64', 'float']),
  /** Vectors of PROBE_TEXTS when it was added, [texts, width] float32 in base64: by them a changed model is noticed. */
  probe: z.string(),
  addedAt: z.string(),
})
export type RemoteRecord = z.infer<typeof remoteRecordSchema>

/** As people read it: `text-embedding-3-small at https://api.openai.com/v1`. */
export function serviceName({ model, url }: Pick<RemoteService, 'model' | 'url'>): string {
  return model === null ? `the model at ${url}` : `${model} at ${url}`
}
