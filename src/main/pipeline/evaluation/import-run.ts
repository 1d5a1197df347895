import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { HydraError } from '../../../shared/errors'
import { SYSTEMS } from '../../../shared/ladder'
import { type ImportedRun, importedRunSchema } from '../../../shared/schemas/comparison'
import type { Verdict } from '../../../shared/schemas/verdict'
import { isSameSystem } from '../../../shared/system-name'
import type { Task } from '../../engine/datasets/collection'
import { textChunks } from '../../engine/datasets/importing/opening/file-kinds'
import {
  correctFamilies,
  pairedDifferences,
  type ScoredRow,
  type TestedDifference,
} from '../../engine/evaluation/differences'
import { ladderRow, tableSampling } from '../../engine/evaluation/verdict'
import { parseMeasure } from '../../engine/measures'
import { readTrecRun } from '../../engine/reporting/read-trec'
import { scoreRankings } from '../../engine/reporting/score-rankings'
import { qrelsOfTask, rankingsOfTask } from '../../engine/reporting/task-rankings'
import { writeFileAtomic } from '../../files/atomic-write'
import { isSafeId, workspacePaths } from '../../workspace/paths'
import { readRun } from '../../workspace/runs/run-folder'
import { readTaskScores, readVerdict, writeTaskScores, writeVerdict } from '../../workspace/runs/run-results'
import { loadRunTasks } from '../datasets/load-run-tasks'
import { defineOperation, type OperationContext, runInput } from '../operation'

/** Puts anybody's run file into the ladder of a finished run; the file is kept, so that evaluating again puts it back. */
export const importRun = defineOperation({
  name: 'import-run',
  input: runInput.extend({ file: z.string(), name: z.string() }),
  output: importedRunSchema,
  session: true,
  async run({ run, file, name }, context) {
    checkName(name)
    const found = await stat(file).catch(() => null)
    if (!found?.isFile()) {
      throw new HydraError('FILE_MISSING', {
        expected: 'a TREC run file',
        got: found ? 'a folder' : 'nothing there',
        remedy: 'Name a file with lines of query Q0 document rank score tag.',
        where: file,
      })
    }
    const { state } = await readRun(context.workspace, run)
    if (state !== 'done') throw notDone(run, state)
    const imported = await addRow({ run, file, name }, context)
    await writeFileAtomic(keptFile(context.workspace, run, name), await readFile(file))
    return imported
  },
})

declare module '../operation' {
  interface Operations {
    'import-run': typeof importRun
  }
}

/** After a run was scored again: the rows that were imported into it. */
export async function restoreImportedRuns(run: string, context: OperationContext): Promise<void> {
  const folder = join(workspacePaths(context.workspace).run(run).folder, 'imported')
  const files = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith('.run')).sort()
  for (const file of files)
    await addRow({ run, file: join(folder, file), name: file.slice(0, -'.run'.length) }, context)
}

async function addRow(
  { run: id, file, name }: { run: string; file: string; name: string },
  context: OperationContext,
): Promise<ImportedRun> {
  const { workspace } = context
  const run = await readRun(workspace, id)
  const { split } = run.request
  const verdict = await readVerdict(workspace, id)
  if (!verdict) throw notDone(id, run.state)
  const read = await readTrecRun(textChunks(createReadStream(file), file), file)
  const sha256 = createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
  const { seen, unseen } = await loadRunTasks(run, context)
  const tasks = [...seen, ...unseen].filter((task) => verdict.tasks.includes(task.id))
  const measures = Object.keys(verdict.rows[0].mean)
  const scored = new Map<string, ReturnType<typeof scoreRankings>>()
  const used = new Set<string>()
  const missing = new Set<string>()
  const files = new Map<string, Awaited<ReturnType<typeof readTaskScores>>>()
  for (const task of tasks) {
    const scores = await readTaskScores(workspace, id, task.id)
    files.set(task.id, scores)
    const queries = [...new Set(scores.lines.map(({ query }) => query))]
    const found = rankingsOfTask(read, task, queries, split)
    for (const field of found.used) used.add(field)
    for (const query of queries) if (!found.rankings.has(query)) missing.add(`${task.id}|${query}`)
    scored.set(
      task.id,
      scoreRankings(found.rankings, qrelsOfTask(task, split), measures.map(parseMeasure), verdict.depth),
    )
  }
  if (used.size === 0) throw nothingShared(file, id)

  const row = { run: id, file, name, sha256, seed: run.request.seed }
  const updated = withRow(verdict, row, tasks, files, scored)
  for (const task of tasks) {
    const { cards, lines } = files.get(task.id)!
    const added = lines.map((line) => {
      const own = isScored(task, line.examples) ? scored.get(task.id)!.get(line.query) : undefined
      return own ? { ...line, scores: { ...line.scores, [name]: own } } : line
    })
    await writeTaskScores(workspace, id, { task: task.id, cards }, added)
  }
  await writeVerdict(workspace, id, updated)
  const first = updated.rows.find((one) => one.row === name)!
  return {
    run: id,
    name,
    tag: read.tag,
    mean: Object.fromEntries(Object.entries(first.mean).map(([measure, { value }]) => [measure, value])),
    n: first.n,
    missing: missing.size,
    ignored: read.rankings.size - used.size,
  }
}

/** The verdict with the row in each table whose answers nobody's card hides, and with its differences; families corrected anew. */
function withRow(
  verdict: Verdict,
  { name, sha256, seed }: { name: string; sha256: string; seed: number },
  tasks: readonly Task[],
  files: ReadonlyMap<string, Awaited<ReturnType<typeof readTaskScores>>>,
  scored: ReadonlyMap<string, ReturnType<typeof scoreRankings>>,
): Verdict {
  const rows = verdict.rows.filter(({ row }) => row !== name)
  const differences: TestedDifference[] = verdict.differences.filter(
    ({ a, b }) => a.row !== name && b.row !== name,
  )
  const leads = verdict.differences.filter(({ best }) => best)
  const clusters = new Map(verdict.tasks.map((task, i) => [task, verdict.clusters[i]]))
  const measures = Object.keys(verdict.rows[0].mean)
  const tables = [...new Map(rows.map((row) => [`${row.cards} ${row.examples}`, row])).values()]
  for (const { cards, examples } of tables) {
    const there = tasks.filter(
      (task) =>
        files.get(task.id)!.cards === cards &&
        files.get(task.id)!.lines.some((line) => line.examples === examples),
    )
    if (there.length === 0 || !there.every((task) => isScored(task, examples))) continue
    const linesOf = (task: Task) => files.get(task.id)!.lines.filter((line) => line.examples === examples)
    const rowOf = (
      row: string,
      scoreOf: (task: Task, line: ReturnType<typeof linesOf>[number], measure: string) => number,
    ): ScoredRow => ({
      row,
      bm25: false,
      tasks: there.map((task) => ({
        task: { task },
        queries: linesOf(task),
        values: new Map(
          measures.map((measure) => [
            measure,
            Float64Array.from(linesOf(task), (line) => scoreOf(task, line, measure)),
          ]),
        ),
      })),
    })
    const own = rowOf(name, (task, line, measure) => scored.get(task.id)!.get(line.query)![measure])
    const table = { cards, examples, chosen: new Map<string, string>() }
    const sampling = tableSampling(own, clusters)
    rows.push({ ...ladderRow(table, own, { measures, seed, sampling }), imported: sha256 })
    const against = ['task card', 'frozen'].find((row) =>
      rows.some((one) => one.row === row && one.cards === cards && one.examples === examples),
    )
    if (!against) continue
    const other = rowOf(against, (_, line, measure) => line.scores[against][measure])
    // The task card is always a; beside frozen alone the question is what the imported run is worth.
    const [a, b] = against === 'task card' ? [other, own] : [own, other]
    differences.push(...pairedDifferences(a, [b], { cards, examples, measures, sampling, seed }))
  }
  const isLead = (one: TestedDifference) =>
    leads.some(
      ({ a, b, cards, examples, measure }) =>
        isSameSystem(a, one.a) &&
        isSameSystem(b, one.b) &&
        cards === one.cards &&
        examples === one.examples &&
        measure === one.measure,
    )
  const corrected = correctFamilies(differences).map((one) => ({ ...one, best: isLead(one) }))
  return { ...verdict, rows, differences: corrected }
}

/** What a card shows is hidden from everybody, which no foreign run can know of. */
function isScored({ collection }: Task, examples: number): boolean {
  return examples === 0 || !collection.protocol.hideShown
}

/** Where a file that was imported is kept. */
export function keptFile(workspace: string, run: string, name: string): string {
  return join(workspacePaths(workspace).run(run).folder, 'imported', `${name}.run`)
}

function checkName(name: string): void {
  const isTaken = (SYSTEMS as readonly string[]).some((row) => row.toLowerCase() === name.toLowerCase())
  if (isSafeId(name) && !isTaken) return
  throw new HydraError('USAGE', {
    expected: 'a name of letters, digits, dot, dash and underscore that is no row of the ladder',
    got: JSON.stringify(name),
    remedy: 'Choose another one.',
    command: 'hydra import-run FILE --name NAME',
  })
}

function notDone(run: string, state: string): HydraError {
  return new HydraError('RUN_STATE', {
    expected: 'a run that is done and has its results',
    got: `${run}, which is ${state}`,
    remedy: 'Wait for its end, or evaluate it.',
    command: `hydra evaluate ${run}`,
  })
}

function nothingShared(file: string, run: string): HydraError {
  return new HydraError('RUNS_INCOMPARABLE', {
    expected: `rankings of the test queries of ${run}`,
    got: 'none of them',
    remedy:
      'Check that the file is about the same collection and split; the first field is the query’s id, or <task>|<query>.',
    where: file,
  })
}
