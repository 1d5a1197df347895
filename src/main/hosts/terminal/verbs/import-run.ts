import { resolve } from 'node:path'
import { alignTable } from '../align-table'
import { formatCount, formatMeasure } from '../format-number'
import { usageError } from '../usage-error'
import { defineVerb } from '../verb'

export const importRun = defineVerb({
  description: 'put anybody’s TREC run file into the ladder of a finished run as a row',
  args: {
    file: { type: 'positional', required: true, description: 'lines of query Q0 document rank score tag' },
    run: { type: 'string', description: 'id of the run on whose test queries it is scored', valueHint: 'ID' },
    name: { type: 'string', description: 'what the row is called', valueHint: 'NAME' },
  },
  mode: 'write',
  async run({ args, open, signal }) {
    if (!args.run) throw usageError('--run with the id of a run', 'none')
    if (!args.name) throw usageError('--name with what the row is called', 'none')
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
            [[imported.name, ...measures.map(([, value]) => formatMeasure(value))]],
          ),
          '',
          `${formatCount(imported.n)} queries; ${formatCount(imported.missing)} of them are not in the file and score 0; ${formatCount(imported.ignored)} of the file’s own are no test queries of the run.`,
          `Beside the others: hydra compare ${imported.run}`,
        ].join('\n'),
    }
  },
})
