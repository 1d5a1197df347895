import { z } from 'zod'
import { HydraError, throwIfCancelled } from '../../../shared/errors'
import { auditRequestSchema, type TaskAudit, type TeacherChoice } from '../../../shared/schemas/audit'
import type { Collection, Task } from '../../engine/datasets/collection'
import { datasetIds } from '../../engine/datasets/dataset-record'
import { resolveTasks } from '../../engine/datasets/tasks'
import type { EncodedCollection } from '../../engine/preferences/encoded-collection'
import { AUDIT_DEPTH, AUDIT_LIST_DEPTH, type AuditedSystem, auditSystems } from '../../engine/teachers/audit'
import { type ExampleQuery, exampleQueries } from '../../engine/teachers/audit-examples'
import { createTeacher } from '../../engine/teachers/index'
import { judgedQueries } from '../../engine/teachers/judged-queries'
import { writeAudit } from '../../workspace/audit-file'
import { workspacePaths } from '../../workspace/paths'
import { openCollection } from '../datasets/load-run-tasks'
import { encodeCollection } from '../encoding/encode-collections'
import { defineOperation, type OperationContext } from '../operation'
import { progressMeter } from '../progress-meter'
import { type OpenedMaterial, teacherMaterial } from './teacher-material'

/** Every teacher beside the frozen student on the dev queries of each task. */
export const audit = defineOperation({
  name: 'audit',
  input: z.strictObject({ audit: z.string(), request: auditRequestSchema }),
  output: z.strictObject({ audit: z.string() }),
  session: false,
  async run({ audit: id, request }, context) {
    const started = context.now()
    const collections = new Map<string, Collection>()
    const ids = await datasetIds(workspacePaths(context.workspace).datasets)
    const tasks = await resolveTasks(request.tasks, ids, async (dataset) => {
      const collection = await openCollection(dataset, request.seed, context)
      collections.set(dataset, collection)
      return collection
    })
    requireDev(tasks)
    const encoder = await context.openEncoder(request.encoder)
    const encoded = new Map<Collection, EncodedCollection>()
    try {
      for (const collection of collections.values()) {
        const ours = tasks.filter((task) => task.collection === collection)
        const asked = { collection, tasks: ours, trained: [], encoder, splits: ['dev'] as const }
        encoded.set(collection, await encodeCollection(asked, context))
      }
    } finally {
      await encoder.dispose()
    }
    const audits: TaskAudit[] = []
    for (const task of tasks) {
      const vectors = encoded.get(task.collection) as EncodedCollection
      const { teachers, queries: most } = request
      audits.push(await auditTask({ task, encoded: vectors, teachers, most, student: encoder.id }, context))
    }
    await writeAudit(context.workspace, {
      version: 1,
      id,
      createdAt: started.toISOString(),
      request,
      encoder: { id: encoder.id, sha256: encoder.sha256 },
      datasets: [...collections.values()].map(({ id: dataset, sha256 }) => ({ id: dataset, sha256 })),
      depth: AUDIT_DEPTH,
      tasks: audits,
      seconds: (context.now().getTime() - started.getTime()) / 1000,
    })
    return { audit: id }
  },
})

declare module '../operation' {
  interface Operations {
    audit: typeof audit
  }
}

async function auditTask(
  options: {
    readonly task: Task
    readonly encoded: EncodedCollection
    readonly teachers: readonly TeacherChoice[]
    readonly most: number | undefined
    readonly student: string
  },
  context: OperationContext,
): Promise<TaskAudit> {
  const { task, encoded, teachers, most, student } = options
  const queries = judgedQueries(task.collection, task.dev, most)
  const rows = Int32Array.from(queries, ({ query }) => query)
  const opened = teacherMaterial({ task, encoded, splits: ['dev'] }, context)
  const listed = (choice: TeacherChoice, name: string) =>
    listBy({ choice, name, task: task.id, rows, opened }, context)
  try {
    const frozen = await listed({ name: 'dense', options: {} }, `frozen ${student}`)
    const systems: AuditedSystem[] = []
    for (const choice of teachers) systems.push(await listed(choice, teacherLabel(choice)))
    const audited = auditSystems({
      task: task.id,
      queries,
      available: judgedQueries(task.collection, task.dev).length,
      student: frozen,
      teachers: systems,
    })
    return { ...audited, examples: examplesById(exampleQueries(frozen, systems, queries), task.collection) }
  } finally {
    await opened.dispose()
  }
}

/** One teacher's lists for the queries, and their cost; building an index, which happens once, is not part of it. */
async function listBy(
  options: {
    readonly choice: TeacherChoice
    readonly name: string
    readonly task: string
    readonly rows: Int32Array
    readonly opened: OpenedMaterial
  },
  context: OperationContext,
): Promise<AuditedSystem> {
  const { choice, name, task, rows, opened } = options
  throwIfCancelled(context.signal)
  const teacher = await createTeacher(choice.name, opened.material, choice.options)
  try {
    const meter = progressMeter({
      phase: `${name} on ${task}`,
      unit: 'queries',
      emit: context.emit,
      now: context.now,
    })
    // What a teacher settles once by itself, weights on dev, is not the cost of a query.
    await teacher.order(new Int32Array(0), AUDIT_LIST_DEPTH, { signal: context.signal })
    const before = opened.pairs()
    const begun = performance.now()
    const rankings = await teacher.order(rows, AUDIT_LIST_DEPTH, {
      signal: context.signal,
      onProgress: meter,
    })
    const milliseconds = performance.now() - begun
    const after = opened.pairs()
    const asked = after.asked - before.asked
    return {
      name,
      rankings,
      millisecondsPerQuery: milliseconds / Math.max(1, rows.length),
      cached: asked > 0 ? 1 - (after.scored - before.scored) / asked : null,
      settled: teacher.settled?.() ?? null,
    }
  } finally {
    await teacher.dispose()
  }
}

/** Rows differ between imports; ids are what a file may say. */
function examplesById(examples: readonly ExampleQuery[], { queries, documents }: Collection) {
  return examples.map(({ query, rankings }) => ({
    query: queries.ids[query],
    rankings: rankings.map(({ name, score, documents: first }) => ({
      teacher: name,
      score,
      documents: first.map(({ document, grade }) => ({ id: documents.ids[document], grade })),
    })),
  }))
}

/** The name, with the options that were given. */
function teacherLabel({ name, options }: TeacherChoice): string {
  const given = Object.entries(options).map(([option, value]) => {
    return `${option} ${typeof value === 'string' ? value : JSON.stringify(value)}`
  })
  return given.length > 0 ? `${name} (${given.join(', ')})` : name
}

function requireDev(tasks: readonly Task[]): void {
  const bare = tasks.filter(({ collection, dev }) => judgedQueries(collection, dev).length === 0)
  if (bare.length === 0) return
  throw new HydraError('TASK_UNUSABLE', {
    expected:
      'dev queries with a relevant document: teachers are audited before anything is learned or tested',
    got: `none in ${bare
      .slice(0, 3)
      .map(({ id }) => id)
      .join(', ')}`,
    remedy:
      'Leave these tasks out, or add a dev or train split to the dataset (a tenth of train becomes dev).',
  })
}
