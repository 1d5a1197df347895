import type { RunRecord } from '../../../shared/schemas/run'

/** A run's configuration as plain data. */
export type Configuration = Readonly<Record<string, unknown>>

/**
 * Only what differs: settings by dotted name with a value for each configuration, `–` where one lacks it.
 * A list is one value; objects are taken apart.
 */
export function differingSettings(
  configurations: readonly Configuration[],
): { setting: string; values: string[] }[] {
  const flat = configurations.map((one) => new Map(flatten(one)))
  const names = [...new Set(flat.flatMap((one) => [...one.keys()]))].sort()
  return names
    .map((setting) => ({ setting, values: flat.map((one) => one.get(setting) ?? '–') }))
    .filter(({ values }) => new Set(values).size > 1)
}

/** Every setting by its dotted name, as text. */
export function flatten(value: unknown, prefix = ''): [string, string][] {
  if (value !== null && typeof value === 'object' && !Array.isArray(value))
    return Object.entries(value).flatMap(([name, inner]) =>
      flatten(inner, prefix ? `${prefix}.${name}` : name),
    )
  return value === undefined ? [] : [[prefix, typeof value === 'string' ? value : JSON.stringify(value)]]
}

/** What was asked and what it was done with; not when, nor how it ended. */
export function configurationOf({
  request,
  recipe,
  encoder,
  backend,
  datasets,
  weights,
  machine,
  app,
}: RunRecord): Configuration {
  return {
    request,
    recipe,
    encoder,
    backend: backend?.id,
    datasets: Object.fromEntries(datasets.map(({ id, sha256 }) => [id, sha256])),
    weights,
    machine,
    app,
  }
}
