import { alignTable } from '../align-table'
import { defineCommand } from '../arguments/command'
import { formatBytes, formatCount } from '../format-number'

export const doctor = defineCommand({
  description: 'what this machine and workspace have, and what is missing and why',
  mode: 'read',
  async run({ open }) {
    const client = await open()
    const report = await client.system.doctor()
    return {
      json: report,
      text: () =>
        [
          `Hydra Workbench ${report.version}, Node ${report.machine.node}, ${report.machine.platform}`,
          `machine    ${report.machine.cpu}, ${report.machine.cores} cores, ${formatBytes(report.machine.memoryBytes)}`,
          `workspace  ${report.workspace}`,
          `encoder    ${report.encoder.id}: ${report.encoder.ok ? 'good' : 'NOT USABLE'}, ${report.encoder.detail}, ${formatBytes(report.encoder.bytes)}`,
          `cache      ${formatBytes(report.cache.vectorBytes)} of vectors in ${formatCount(report.cache.files)} files`,
          ...report.keys.map(
            ({ name, from }) => `key        ${name}: ${from ? `from the ${from}` : 'NOT SET'}`,
          ),
          '',
          alignTable(
            [{ title: 'backend' }, { title: 'found' }, { title: 'why' }, { title: 'to add it' }],
            report.backends.map(({ id, title, found, chosen, refusal, reason, command }) => [
              `${id} (${title})`,
              chosen ? 'chosen' : found ? 'yes' : (refusal ?? 'no'),
              reason,
              command ?? '',
            ]),
          ),
          ...(report.recovered.length > 0 ? ['', 'Runs that were cut off:', ...report.recovered] : []),
        ].join('\n'),
    }
  },
})
