import { HydraError } from '../../../shared/errors'
import type { TeacherChoice } from '../../../shared/schemas/audit'
import { listAudits, readAudit } from '../../workspace/audit-file'
import { requireTasks } from '../require-tasks'
import { requireWriter } from '../require-writer'
import type { ServiceContext } from '../service-context'
import { startJob } from '../start-job'
import { procedures } from './implement-contract'

export function teacherProcedures(context: ServiceContext) {
  const { teachers } = procedures
  return {
    list: teachers.list.handler(async () => {
      const { teachers: registry } = await loadRegistry()
      return registry.map(({ name, title, summary, citation, anyQuery }) => ({
        name,
        title,
        summary,
        citation,
        anyQuery,
      }))
    }),

    audit: teachers.audit.handler(async ({ input }) => {
      requireWriter(context)
      await requireTasks(context, input.tasks)
      for (const choice of input.teachers) await requireAuditable(choice)
      const title = `Audit teachers on ${input.tasks.join(', ')}`
      const id = await freeId(context)
      const started = startJob(context, { kind: 'audit', title, runs: [] }, 'audit', {
        audit: id,
        request: input,
      })
      return { ...started, audit: id }
    }),

    audits: teachers.audits.handler(() => listAudits(context.workspace)),
    show: teachers.show.handler(({ input }) => readAudit(context.workspace, input.id)),

    examples: teachers.examples.handler(async ({ input, signal }) => {
      await readAudit(context.workspace, input.audit)
      return context.session.request('audit-examples', input, signal)
    }),
  }
}

/** On demand: it brings ONNX Runtime along, which a host needs for nothing else. */
function loadRegistry() {
  return import('../../engine/teachers/index')
}

async function requireAuditable({ name, options }: TeacherChoice): Promise<void> {
  const { checkTeacher, teachers } = await loadRegistry()
  checkTeacher(name, options)
  const auditable = teachers.filter(({ anyQuery }) => anyQuery)
  if (auditable.some((spec) => spec.name === name)) return
  throw new HydraError('USAGE', {
    expected: `a teacher that can order documents for dev queries: ${auditable.map((spec) => spec.name).join(', ')}`,
    got: name,
    remedy: 'Judgments know the train queries only; there is nothing to audit.',
  })
}

/** The time to the second, so that ids sort; with a number after it where two start within one. */
async function freeId({ workspace, now }: ServiceContext): Promise<string> {
  const stem = `audit-${now().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}`
  const taken = new Set((await listAudits(workspace)).map(({ id }) => id))
  for (let attempt = 1; ; attempt++) {
    const id = attempt === 1 ? stem : `${stem}-${attempt}`
    if (!taken.has(id)) return id
  }
}
