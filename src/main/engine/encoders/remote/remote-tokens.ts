import { HydraError } from '../../../../shared/errors'
import type { TokenReader } from '../token-reader'
import { estimateTokens } from './remote-cost'
import type { RemoteModel } from './remote-model'

/** Of a service only the length of texts is known, about: its tokenizer is not here. */
export function remoteTokenReader(model: RemoteModel): TokenReader {
  return {
    limit: Number.MAX_SAFE_INTEGER,
    count: (text, role) => estimateTokens(model, text, role),
    read() {
      throw new HydraError('MODEL_UNSUPPORTED', {
        expected: 'an encoder whose tokenizer is here',
        got: `${model.id}, which a service runs`,
        remedy: 'Nothing to do: the service takes texts apart by itself.',
        where: model.record.url,
      })
    },
  }
}
