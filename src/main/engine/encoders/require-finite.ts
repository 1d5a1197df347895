import { HydraError } from '../../../shared/errors'
import { firstNonFinite } from '../numeric/finite'
import type { ResolvedModel } from './model-folder'

const SHOWN_CHARACTERS = 60

/** What a model made of a text, [n]: nothing is searched, cached or trained with numbers that are none. */
export function requireFinite(
  values: Float32Array,
  { weights }: Pick<ResolvedModel, 'weights'>,
  text: string,
): void {
  const ill = firstNonFinite(values)
  if (ill === null) return
  const shown = text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text
  throw new HydraError('MODEL_CORRUPT', {
    expected: 'finite numbers for every text',
    got: `${ill}, for ${JSON.stringify(shown)}`,
    remedy:
      'Fetch the weights again, or use others of this model (:fp32, :int8); if it stays so, use another model.',
    where: weights,
  })
}
