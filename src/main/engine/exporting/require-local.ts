import { HydraError } from '../../../shared/errors'
import type { ResolvedModel } from '../encoders/model-folder'
import type { ResolvedEncoder } from '../encoders/remote/resolve-encoder'

/**
 * The encoder, where its files are here.
 * @param instead what to export where its files are elsewhere
 * @throws MODEL_UNSUPPORTED for one that a service runs
 */
export function requireLocal(
  encoder: ResolvedEncoder,
  instead: { readonly remedy: string; readonly command: string },
): ResolvedModel {
  if (encoder.kind !== 'remote') return encoder
  throw new HydraError('MODEL_UNSUPPORTED', {
    expected: 'an encoder whose files are here, to put them into the export',
    got: `${encoder.id}, which a service runs`,
    ...instead,
    where: encoder.record.url,
  })
}
