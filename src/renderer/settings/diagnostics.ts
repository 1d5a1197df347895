import { runnerWords } from '../../shared/models/runner-words'
import type { ModelRecord } from '../../shared/schemas/model'
import type { CacheRecord, DoctorReport } from '../../shared/schemas/system'
import { bytes, count } from '../display/format'

/**
 * What somebody needs who is to find out why something does not work here, as plain text: no path, which may hold a name, no
 * token, nothing of the data.
 */
export function diagnostics(
  { version, host, machine, backends, providers, encoder }: DoctorReport,
  models: readonly ModelRecord[],
  caches: readonly CacheRecord[],
  browser: string,
): string {
  const total = caches.reduce((sum, one) => sum + one.bytes, 0)
  return [
    `Hydra Workbench ${version}, host: ${host}`,
    `${machine.platform}, Node ${machine.node}, ${machine.cpu}, ${machine.cores} cores, ${bytes(machine.memoryBytes)}`,
    `Window: ${browser}`,
    '',
    'Backends',
    ...backends.map(
      ({ id, found, chosen, refusal, reason }) =>
        `- ${id}: ${chosen ? 'chosen' : found ? 'works' : `not usable (${refusal})`}, ${withoutPaths(reason)}`,
    ),
    '',
    'Encoding',
    ...providers.map(
      ({ id, found, refusal, reason }) =>
        `- ${id}: ${found ? 'works' : `not usable (${refusal})`}, ${withoutPaths(reason)}`,
    ),
    '',
    'Models',
    `- default encoder ${encoder.id}: ${encoder.ok ? 'good' : `not usable, ${withoutPaths(encoder.detail)}`}`,
    ...models.map(({ id, origin, use, runner, settings, problem, bytes: size }) =>
      [
        `- ${id}: ${use} of the ${origin}, ${bytes(size)}`,
        settings
          ? `${settings.kind}${settings.kind === 'remote' ? '' : `, ${settings.weights}`}, sha256 ${settings.sha256.slice(0, 12)}`
          : '',
        runner ? `run by ${runnerWords(runner)}` : '',
        problem ? `not usable: ${withoutPaths(problem)}` : '',
      ]
        .filter(Boolean)
        .join('; '),
    ),
    '',
    `Caches: ${count(caches.length)}, ${bytes(total)}`,
  ].join('\n')
}

/** Absolute paths, of either kind of system. */
const PATH = /(?:[A-Za-z]:)?[\\/][^\s'"“”:;,]+(?:[\\/][^\s'"“”:;,]+)+/g

function withoutPaths(text: string): string {
  return text.replace(PATH, '…')
}
