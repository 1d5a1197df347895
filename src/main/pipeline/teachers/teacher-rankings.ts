import { HydraError } from '../../../shared/errors'
import type { Recipe, RunRecord } from '../../../shared/schemas/run'
import type { ListSystem } from '../../engine/evaluation/system'
import type { EncodedTask } from '../../engine/preferences/encoded-collection'
import type { Ranking } from '../../engine/retrieval/corpus-index'
import type { OperationContext } from '../operation'
import { openTeacherLists } from './open-teacher-lists'

/** A card may show some documents that are hidden. */
const MOST_HIDDEN = 50

/**
 * The row `teacher`: how the teacher that a run learned from orders the test queries of the tasks that it taught. On request
 * only, since a cross-encoder takes its time.
 */
export async function teacherRankings(
  options: {
    readonly run: RunRecord
    readonly seen: readonly EncodedTask[]
    /** Fingerprint of the encoder that was taught. */
    readonly encoder: string
    /** Documents of a ranking. */
    readonly depth: number
  },
  context: OperationContext,
): Promise<ListSystem['list'] | undefined> {
  const { run, seen, encoder, depth } = options
  if (!run.recipe || !run.request.rows?.includes('teacher')) return undefined
  const { name: teacher, options: chosen } = run.recipe.teacher
  const known = new Map<EncodedTask, ReadonlyMap<number, Ranking>>()
  for (const one of seen) {
    const { task, encoded } = one
    const asked = { teacher, options: chosen, task, encoded, encoder, depth: depth + MOST_HIDDEN }
    const { queries, rankings } = await openTeacherLists({ ...asked, split: 'test' }, context)
    known.set(one, new Map(rankings.map((ranking, i) => [queries[i], ranking])))
  }
  return (task, query) => known.get(task)!.get(query)!
}

/** Judgments order no test query, and BM25 has a row of its own. */
export function checkTeacherRow(rows: readonly string[], { teacher }: Recipe): void {
  if (!rows.includes('teacher') || (teacher.name !== 'judgments' && teacher.name !== 'bm25')) return
  throw new HydraError('USAGE', {
    expected: 'a teacher that orders test queries for the row teacher: dense, cross-encoder or fusion',
    got: `the teacher ${teacher.name}`,
    remedy:
      teacher.name === 'bm25'
        ? 'Ask for the row BM25 instead.'
        : 'Leave the row out, or learn from another teacher.',
  })
}
