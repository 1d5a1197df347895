import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { setImmediate as turn } from 'node:timers/promises'
import { z } from 'zod'
import { runSummarySchema } from '../../../shared/schemas/runs/run-summary'
import { writeFileAtomic } from '../../files/atomic-write'
import { workspacePaths } from '../paths'
import type { KnownRun } from './run-summary'

/** A line of `cache/runs.jsonl`; the last one of a run counts. */
const lineSchema = z.strictObject({
  version: z.literal(1),
  folder: z.string(),
  figures: z.string(),
  row: runSummarySchema,
})

/** Lines read or made between two turns of the event loop. */
const AT_ONCE = 200

/** What an earlier host kept, by run. Lines of another version, or cut off by a crash, count as nothing; the file may be deleted. */
export async function readKnownRuns(
  workspace: string,
): Promise<{ known: Map<string, KnownRun>; lines: number }> {
  const path = workspacePaths(workspace).runSummaries
  const lines = (await readFile(path, 'utf8').catch(() => '')).split('\n')
  const known = new Map<string, KnownRun>()
  for (let from = 0; from < lines.length; from += AT_ONCE) {
    for (const line of lines.slice(from, from + AT_ONCE)) {
      const read = parseLine(line)
      if (read) known.set(read.row.id, read)
    }
    await turn()
  }
  return { known, lines: lines.length - 1 }
}

export async function appendKnownRuns(workspace: string, runs: readonly KnownRun[]): Promise<void> {
  const { cache, runSummaries } = workspacePaths(workspace)
  await mkdir(cache, { recursive: true })
  await appendFile(runSummaries, runs.map(toLine).join(''))
}

/** Writes the file anew, without the lines that no longer count. */
export async function rewriteKnownRuns(workspace: string, runs: readonly KnownRun[]): Promise<void> {
  const portions: string[] = []
  for (let from = 0; from < runs.length; from += AT_ONCE) {
    portions.push(
      runs
        .slice(from, from + AT_ONCE)
        .map(toLine)
        .join(''),
    )
    await turn()
  }
  await writeFileAtomic(workspacePaths(workspace).runSummaries, portions.join(''))
}

function toLine({ folder, figures, row }: KnownRun): string {
  const line: z.infer<typeof lineSchema> = { version: 1, folder, figures, row }
  return `${JSON.stringify(line)}\n`
}

function parseLine(line: string): KnownRun | null {
  if (line === '') return null
  try {
    return lineSchema.safeParse(JSON.parse(line)).data ?? null
  } catch {
    return null
  }
}
