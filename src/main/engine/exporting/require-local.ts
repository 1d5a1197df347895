import { HydraError } from '../../../shared/errors'
import type { ResolvedModel } from '../encoders/model-folder'
import type { ResolvedEncoder } from '../encoders/remote/resolve-encoder'

/**
 * The encoder, where its files are here.
 * @param command what gives the head without them
 * @throws MODEL_UNSUPPORTED for one that a service runs
 */
export function requireLocal(encoder: ResolvedEncoder, command: string): ResolvedModel {
  if (encoder.kind !== 'remote') return encoder
  throw new HydraError('MODEL_UNSUPPORTED', {
    expected: 'an encoder whose files are here, to put them into the export',
    got: `${encoder.id}, which a service runs`,
    remedy: 'Export the head alone, and put it behind the service.',
    command,
    where: encoder.record.url,
  })
}
