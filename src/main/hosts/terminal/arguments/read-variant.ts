import { HydraError } from '../../../../shared/errors'
import type { Spec } from '../../../engine/registry/registry'
import { readOptionValue, splitAssignment } from './read-assignment'

/**
 * A variant that was named with its options after --set, checked before a workspace is opened. Options that were not said are
 * not there.
 * @param kind as the registry is called: `exporter`  @param example of an assignment, for the error
 */
export async function readVariant(
  {
    kind,
    registry,
    example,
  }: { readonly kind: string; readonly registry: readonly Spec[]; readonly example: string },
  name: string,
  set: readonly string[],
): Promise<Record<string, unknown>> {
  const { findSpec, parseOptions } = await import('../../../engine/registry/registry')
  const { describeOptions } = await import('../../../engine/registry/describe-options')
  const spec = findSpec(kind, registry, name)
  const known = describeOptions(spec.options)
  const options: Record<string, unknown> = {}
  for (const assignment of set) {
    const [option, text] = splitAssignment(assignment, example)
    const found = known.find((one) => one.name === option)
    if (!found) {
      throw new HydraError('OPTION_UNKNOWN', {
        expected:
          known.length > 0
            ? `an option of ${name}: ${known.map((one) => one.name).join(', ')}`
            : `no option: ${name} has none`,
        got: option,
        remedy: `Write one of these after --set, or choose another ${kind}.`,
        command: `hydra list ${kind}`,
      })
    }
    options[option] = readOptionValue(found, text, assignment)
  }
  parseOptions(kind, spec, options)
  return options
}
