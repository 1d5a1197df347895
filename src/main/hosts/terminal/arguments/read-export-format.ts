import { readVariant } from './read-variant'

/** The format that `export` was asked for with its options. */
export async function readExportFormat(
  format: string,
  set: readonly string[],
): Promise<{
  readonly format: string
  readonly options: Record<string, unknown>
  /** Whether it is a run that leaves in it, and no card's head. */
  readonly ofRun: boolean
}> {
  const { exporters: registry } = await import('../../../engine/exporting/formats')
  const options = await readVariant({ kind: 'exporter', registry, example: 'graph=head' }, format, set)
  return {
    format,
    options,
    ofRun: registry.some(({ name, subject }) => name === format && subject === 'run'),
  }
}
