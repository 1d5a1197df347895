import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { HydraError } from '../../../shared/errors'
import {
  type Cards,
  cardsSchema,
  documentPartSchema,
  type Verdict,
  verdictSchema,
} from '../../../shared/schemas/verdict'
import { readJsonIfThere, writeFileAtomic, writeJsonAtomic } from '../../files/atomic-write'
import { workspacePaths } from '../paths'
import { fromVersion1, verdictVersion1Schema } from './verdict-version-1'

/** One query of a task at one number of examples on the card: what each row of the ladder scored on it. */
const queryScoresSchema = z.strictObject({
  query: z.string(),
  examples: z.number().int(),
  /** Whether a train query touched what it asks for; absent where nothing was trained on its corpus, and in files of before. */
  documents: documentPartSchema.shape.documents.optional(),
  /** scores[row][measure]; a row fused with BM25 is named `<row> + BM25`. */
  scores: z.record(z.string(), z.record(z.string(), z.number())),
})
export type QueryScores = z.infer<typeof queryScoresSchema>

const headerSchema = z.strictObject({
  version: z.literal(1),
  task: z.string(),
  cards: cardsSchema,
})

export function writeVerdict(workspace: string, run: string, verdict: Verdict): Promise<void> {
  return writeJsonAtomic(workspacePaths(workspace).run(run).results, verdictSchema.parse(verdict))
}

const storedSchema = z.discriminatedUnion('version', [verdictVersion1Schema, verdictSchema])

/** results.json, or null while the run has none; what an earlier version wrote is read as it would be written today. */
export async function readVerdict(workspace: string, run: string): Promise<Verdict | null> {
  const read = await readJsonIfThere(workspacePaths(workspace).run(run).results, storedSchema)
  return read?.version === 1 ? fromVersion1(read) : read
}

/** `queries/<task>.jsonl`: a header with the version, then a line per query and number of examples. */
export function writeTaskScores(
  workspace: string,
  run: string,
  header: { readonly task: string; readonly cards: Cards },
  lines: readonly QueryScores[],
): Promise<void> {
  const text = [{ version: 1, ...header }, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('')
  return writeFileAtomic(workspacePaths(workspace).run(run).taskScores(header.task), text)
}

export async function readTaskScores(
  workspace: string,
  run: string,
  task: string,
): Promise<{ cards: Cards; lines: QueryScores[] }> {
  const path = workspacePaths(workspace).run(run).taskScores(task)
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new HydraError(
      'FILE_MISSING',
      {
        expected: `the per-query scores of ${task}`,
        got: 'no file that can be read',
        remedy: 'Score the run again.',
        command: `hydra evaluate ${run}`,
        where: path,
      },
      { cause },
    )
  })
  const [first, ...rest] = text.trimEnd().split('\n')
  const { cards } = headerSchema.parse(JSON.parse(first))
  return { cards, lines: rest.map((line) => queryScoresSchema.parse(JSON.parse(line))) }
}
