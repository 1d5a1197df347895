import { HydraError } from '../../../shared/errors'
import type { Choice } from '../../../shared/schemas/run'
import type { EncodedTask } from '../../engine/preferences/encoded-collection'
import type { Ranking } from '../../engine/retrieval/corpus-index'
import { admittedTeachers, auditSystems } from '../../engine/teachers/audit'
import { judgedQueries } from '../../engine/teachers/judged-queries'
import type { TeacherLists } from '../../engine/teachers/teacher-lists'
import type { OperationContext } from '../operation'
import { openTeacherLists } from './open-teacher-lists'

/** Dev queries of a task on which a teacher is judged: enough to tell which is better, soon done. */
const MOST_QUERIES = 400
const MEASURE = 'nDCG@10'

export interface GateDecision {
  readonly task: string
  readonly teacher: string
  readonly admitted: boolean
  /** nDCG@10 on dev; null for a task without judged dev queries, where nothing can be said against a teacher. */
  readonly measured: { readonly teacher: number; readonly student: number; readonly queries: number } | null
}

/** Whether a task should learn from a teacher: the audit's rule, on the task's dev queries. */
export async function gateTeacher(
  options: {
    readonly task: EncodedTask
    readonly teacher: Choice
    /** Its lists of the dev queries. */
    readonly dev: TeacherLists | null
    /** Fingerprint of the encoder that is being taught. */
    readonly encoder: string
    readonly depth: number
  },
  context: OperationContext,
): Promise<GateDecision> {
  const { teacher, dev, encoder, depth } = options
  const { task, encoded } = options.task
  const queries = judgedQueries(task.collection, task.dev, MOST_QUERIES)
  const common = { task: task.id, teacher: teacher.name }
  if (!dev || queries.length === 0) return { ...common, admitted: true, measured: null }
  const student = { teacher: 'dense', task, encoded, encoder, depth, split: 'dev' } as const
  const ranked = (lists: TeacherLists): Ranking[] => {
    const known = new Map(lists.rankings.map((ranking, i) => [lists.queries[i], ranking]))
    return queries.map(({ query }) => known.get(query)!)
  }
  const frozen = ranked(await openTeacherLists(student, context))
  const audit = auditSystems({
    task: task.id,
    queries,
    available: queries.length,
    student: { name: 'frozen', rankings: frozen, millisecondsPerQuery: 0 },
    teachers: [{ name: teacher.name, rankings: ranked(dev), millisecondsPerQuery: 0 }],
  })
  const [before, taught] = audit.rows.map(({ measures }) => measures[MEASURE])
  return {
    ...common,
    admitted: admittedTeachers(audit).length > 0,
    measured: { teacher: taught, student: before, queries: queries.length },
  }
}

/** What a run must say of a task that learns nothing; null where there is nothing to say. */
export function gateWarning({ task, teacher, admitted, measured }: GateDecision): string | null {
  if (admitted || !measured) return null
  const figures = `${MEASURE} ${measured.teacher.toFixed(3)} against ${measured.student.toFixed(3)}`
  return `${teacher} is worse than the frozen encoder on ${task} (${figures} on ${measured.queries} dev queries): ${task} learns nothing from it, unless teacherGate is off.`
}

/** A run in which nobody may teach anything would train for nothing. */
export function requireTeaching(decisions: readonly GateDecision[]): void {
  if (decisions.length === 0 || decisions.some(({ admitted }) => admitted)) return
  throw new HydraError('TEACHER_GATED', {
    expected: 'a teacher that ranks the dev queries of at least one task as well as the frozen encoder',
    got: `${decisions[0].teacher}, worse on ${decisions.map(({ task }) => task).join(', ')}`,
    remedy: 'Choose another teacher, or learn from it anyway: set teacherGate off.',
    command: 'hydra audit',
  })
}
