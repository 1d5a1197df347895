import { join } from 'node:path'
import { z } from 'zod'
import { HydraError } from '../../../shared/errors'
import { reportRequestSchema } from '../../../shared/schemas/comparison'
import { htmlReport } from '../../engine/reporting/html-report'
import { mtebResults } from '../../engine/reporting/mteb-results'
import { writeFileAtomic } from '../../files/atomic-write'
import { defineOperation } from '../operation'
import { compareTables, openTables, type ScoredTable } from './compare-tables'

export const writeReport = defineOperation({
  name: 'write-report',
  input: reportRequestSchema,
  output: z.strictObject({ files: z.array(z.string()), bytes: z.number() }),
  session: true,
  async run(request, { workspace, now }) {
    const tables = await openTables(workspace, request)
    const files =
      request.format === 'mteb'
        ? mtebFiles(tables, request.rows)
        : new Map([
            [
              '',
              htmlReport({
                comparison: compareTables(tables, request),
                runs: tables.map(({ run, verdict }) => ({ run, verdict })),
                perTask: tables[0].rows.map(({ row, bm25, tasks = {} }) => ({ row, bm25, tasks })),
                writtenAt: now(),
              }),
            ],
          ])
    let bytes = 0
    const paths: string[] = []
    for (const [name, text] of files) {
      const path = name === '' ? request.out : join(request.out, name)
      await writeFileAtomic(path, text)
      bytes += Buffer.byteLength(text)
      paths.push(path)
    }
    return { files: paths, bytes }
  },
})

declare module '../operation' {
  interface Operations {
    'write-report': typeof writeReport
  }
}

/** MTEB's layout: `<model>/<revision>/<task>.json` and model_meta.json, of one row of one run. */
function mtebFiles(tables: readonly ScoredTable[], asked: readonly string[]): Map<string, string> {
  const [{ run, verdict, rows }] = tables
  const names = rows.filter(({ bm25 }) => !bm25).map(({ row }) => row)
  const wanted = asked[0] ?? (names.includes('task card') ? 'task card' : names[0])
  const row = rows.find((one) => one.row === wanted && !one.bm25)
  if (tables.length > 1 || asked.length > 1 || !row?.tasks) {
    throw new HydraError('USAGE', {
      expected: `one run and one of its rows: ${names.join(', ')}`,
      got: `${tables.length} ${tables.length === 1 ? 'run' : 'runs'}, rows ${asked.join(', ') || 'not named'}`,
      remedy: 'MTEB’s files hold one model: name one run and one row.',
      command: 'hydra report RUN --rows ROW',
    })
  }
  const model = `hydra-${run.encoder.id.split('/').at(-1)}-${wanted.replaceAll(' ', '-')}`
  const json = (value: object) => `${JSON.stringify(value, null, 2)}\n`
  const files = new Map<string, string>()
  for (const [task, { measures }] of Object.entries(row.tasks)) {
    const revision = run.datasets.find(({ id }) => id === task.split('/')[0])?.sha256 ?? ''
    const means = Object.fromEntries(Object.entries(measures).map(([name, { value }]) => [name, value]))
    const { split = 'test', seconds } = verdict
    const result = mtebResults({ task, revision, split, means, evaluationSeconds: seconds.evaluate })
    files.set(join(model, run.id, `${task.replaceAll('/', '__')}.json`), json(result))
  }
  files.set(
    join(model, run.id, 'model_meta.json'),
    json({ name: model, revision: run.id, framework: ['Hydra Workbench'] }),
  )
  return files
}
