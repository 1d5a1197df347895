import { readVariant } from './read-variant'

/** The format that `export` was asked for with its options. */
export async function readExportFormat(
  format: string,
  set: readonly string[],
): Promise<{ readonly format: string; readonly options: Record<string, unknown> }> {
  const { exporters: registry } = await import('../../../engine/exporting/formats')
  return {
    format,
    options: await readVariant({ kind: 'exporter', registry, example: 'graph=head' }, format, set),
  }
}
