import { resolve } from 'node:path'
import { figure } from '../../../../shared/figure-words'
import { alignTable } from '../align-table'
import { defineCommand } from '../arguments/command'
import { formatCount } from '../format-number'

export const importRun = defineCommand({
  description: 'put anybody’s TREC run file into the ladder of a finished run as a row',
  arguments: { file: { description: 'lines of query Q0 document rank score tag' } },
  options: {
    run: { required: true, description: 'id of the run on whose test queries it is scored', value: 'ID' },
    name: { required: true, description: 'what the row is called', value: 'NAME' },
  },
  mode: 'write',
  async run({ args, open, signal }) {
    const request = { run: args.run, file: resolve(args.file), name: args.name }
    const client = await open()
    const imported = await client.reporting.importRun(request, { signal })
    const measures = Object.entries(imported.mean)
    return {
      json: imported,
      text: () =>
        [
          alignTable(
            [{ title: 'row' }, ...measures.map(([title]) => ({ title, align: 'right' as const }))],
            [[imported.name, ...measures.map(([, value]) => figure(value))]],
          ),
          '',
          `${formatCount(imported.n)} queries; ${formatCount(imported.missing)} of them are not in the file and score 0; ${formatCount(imported.ignored)} of the file’s own are no test queries of the run.`,
          `Beside the others: hydra compare ${imported.run}`,
        ].join('\n'),
    }
  },
})
