import { HydraError } from '../../../../shared/errors'
import { readOptionValue, splitAssignment } from './read-assignment'

/** The format that `export` was asked for with its options, checked before a workspace is opened. */
export async function readExportFormat(
  format: string,
  set: readonly string[],
): Promise<{
  readonly format: string
  readonly options: Record<string, unknown>
  /** Whether it is a run that leaves in it, and no card's head. */
  readonly ofRun: boolean
}> {
  const { exporters } = await import('../../../engine/exporting/formats')
  const { findSpec, parseOptions } = await import('../../../engine/registry/registry')
  const { describeOptions } = await import('../../../engine/registry/describe-options')
  const spec = findSpec('exporter', exporters, format)
  const known = describeOptions(spec.options)
  const options: Record<string, unknown> = {}
  for (const assignment of set) {
    const [name, text] = splitAssignment(assignment, 'graph=head')
    const option = known.find((one) => one.name === name)
    if (!option) {
      throw new HydraError('OPTION_UNKNOWN', {
        expected:
          known.length > 0
            ? `an option of ${format}: ${known.map((one) => one.name).join(', ')}`
            : `no option: ${format} has none`,
        got: name,
        remedy: 'Write one of these after --set, or choose another format.',
        command: 'hydra list exporter',
      })
    }
    options[name] = readOptionValue(option, text, assignment)
  }
  parseOptions('exporter', spec, options)
  return { format, options, ofRun: spec.subject === 'run' }
}
