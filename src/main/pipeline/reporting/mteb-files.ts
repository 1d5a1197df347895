import { join } from 'node:path'
import { HydraError } from '../../../shared/errors'
import type { DatasetRecord } from '../../../shared/schemas/dataset'
import type { VerdictRow } from '../../../shared/schemas/verdict'
import { NETWORK_SYSTEMS } from '../../engine/evaluation/network-systems'
import { modelFolder, modelMeta } from '../../engine/reporting/mteb/model-meta'
import { mtebTaskOf } from '../../engine/reporting/mteb/mteb-tasks'
import { taskResult } from '../../engine/reporting/mteb/task-result'
import type { ScoredTable } from './scored-table'

/** Rows that learned from a collection's judgments. */
const TRAINED: readonly string[] = [...NETWORK_SYSTEMS, 'wrong card', 'few-shot', 'handed out']

/** Hundreds of cards of one corpus keep their ids for one and the same reason. */
const MOST_NOTES = 5

export interface MtebFiles {
  /** Text by path below the folder. */
  readonly files: ReadonlyMap<string, string>
  readonly notes: readonly string[]
}

/**
 * MTEB's layout, `<organisation>__<model>/<revision>/<task>.json` and model_meta.json, of one row of one run.
 *
 * @param records of the datasets, as they were when the run scored them
 */
export function mtebFiles(
  tables: readonly ScoredTable[],
  asked: readonly string[],
  records: ReadonlyMap<string, DatasetRecord>,
): MtebFiles {
  const [{ run, verdict, cards, examples }] = tables
  const split = verdict.split ?? 'test'
  const row = chosenRow(tables, asked)
  const named = Object.entries(row.tasks).map(([task, score]) => {
    const documents = records.get(task)?.documents ?? null
    return { task, score, mteb: mtebTaskOf({ task, documents, split, queries: score.n }) }
  })
  const meta = modelMeta({
    row: row.row,
    kind: row.imported ? 'unknown' : row.row === 'BM25' ? 'sparse' : 'dense',
    encoder: run.encoder.id,
    revision: `${run.id}-${cards}-k${examples}`,
    trainedOn: TRAINED.includes(row.row) ? trainedOn(run.seen, named) : null,
  })
  const folder = join(modelFolder(meta.name), meta.revision)
  const files = new Map<string, string>()
  for (const { task, score, mteb } of named) {
    const revision = run.datasets.find(({ id }) => id === task.split('/')[0])?.sha256 ?? ''
    const means = Object.fromEntries(Object.entries(score.measures).map(([name, { value }]) => [name, value]))
    const result = taskResult({ task: mteb, revision, split, means, seconds: score.seconds ?? null })
    files.set(join(folder, `${mteb.name}.json`), json(result))
  }
  files.set(join(folder, 'model_meta.json'), json(meta))
  const kept = named.flatMap(({ mteb }) => mteb.note ?? [])
  const notes = kept.slice(0, MOST_NOTES)
  if (kept.length > MOST_NOTES)
    notes.push(`${kept.length - MOST_NOTES} further tasks keep their ids as well.`)
  const untimed = named.filter(({ score }) => score.seconds === undefined)
  if (untimed.length > 0)
    notes.push(
      `No time is said for ${untimed.length} of ${named.length} tasks: the run holds none. Score it again: hydra evaluate ${run.id}`,
    )
  return { files, notes }
}

function chosenRow(
  tables: readonly ScoredTable[],
  asked: readonly string[],
): VerdictRow & Required<Pick<VerdictRow, 'tasks'>> {
  const [{ rows }] = tables
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
  return { ...row, tasks: row.tasks }
}

/** Collections of the trained tasks, by MTEB's names where it has them. */
function trainedOn(
  seen: readonly string[],
  named: readonly { task: string; mteb: { name: string } }[],
): string[] {
  const datasets = new Set(seen.map((task) => task.split('/')[0]))
  return [...datasets].map((id) => named.find(({ task }) => task === id)?.mteb.name ?? id)
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
