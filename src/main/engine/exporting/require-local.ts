import { HydraError } from '../../../shared/errors'
import { runnerWords } from '../../../shared/models/runner-words'
import type { ResolvedModel } from '../encoders/model-folder'
import type { ResolvedEncoder } from '../encoders/remote/resolve-encoder'

/**
 * The encoder, where its files are here and others can run them: a graph that pools, caches or gives half precision is no part
 * of another.
 * @param instead what to export in its place
 * @throws MODEL_UNSUPPORTED for one that a service or transformers.js runs
 */
export function requireLocal(
  encoder: ResolvedEncoder,
  instead: { readonly remedy: string; readonly command: string },
): ResolvedModel {
  if (encoder.kind !== 'remote') {
    if (encoder.runner?.by !== 'transformers.js') return encoder
    throw new HydraError('MODEL_UNSUPPORTED', {
      expected: 'an encoder whose graph gives vectors of tokens in float32, to put it into the export',
      got: `${encoder.id}, which is run by ${runnerWords(encoder.runner)}`,
      ...instead,
      where: encoder.weights,
    })
  }
  throw new HydraError('MODEL_UNSUPPORTED', {
    expected: 'an encoder whose files are here, to put them into the export',
    got: `${encoder.id}, which a service runs`,
    ...instead,
    where: encoder.record.url,
  })
}
