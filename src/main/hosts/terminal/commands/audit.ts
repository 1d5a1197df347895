import { type TeacherChoice, teacherChoiceSchema } from '../../../../shared/schemas/audit'
import { agreeToCost } from '../agree-to-cost'
import { defineCommand } from '../arguments/command'
import { commaList, wholeNumber } from '../arguments/option-values'
import { encoderPlace } from '../arguments/train-request'
import { usageError } from '../arguments/usage-error'
import { auditTable } from '../audit-table'
import { followJob } from '../follow-job'

export const audit = defineCommand({
  description:
    'how good each teacher is on dev, beside the frozen encoder, before anything is learned from it',
  options: {
    tasks: {
      required: true,
      description: 'dataset, dataset/card or dataset/*, separated by commas',
      value: 'a,b',
    },
    teachers: {
      description: 'bm25,fusion unless said; judgments know train queries only, so not they',
      value: 'a,b',
    },
    'teacher-options': {
      description: 'options of teachers by name, as JSON: {"cross-encoder": {"depth": 20}}',
      value: 'JSON',
    },
    queries: { description: 'dev queries a task at most', value: 'N' },
    encoder: { description: 'id or folder of the encoder to be taught', value: 'ID|DIR' },
  },
  variants: { teachers: 'teacher' },
  mode: 'write',
  async run({ args, open, terminal, seed, signal }) {
    const tasks = commaList(args.tasks)
    if (tasks.length === 0) throw usageError('--tasks with at least one task', 'none')
    const request = {
      tasks,
      teachers: chosenTeachers(commaList(args.teachers), args['teacher-options']),
      queries: wholeNumber(args.queries, '--queries', 1, 1_000_000),
      encoder: encoderPlace(args.encoder),
      seed,
    }
    const client = await open()
    await agreeToCost({ client, terminal, signal }, { encoder: request.encoder, tasks })
    const started = await client.teachers.audit(request)
    await followJob({ client, terminal, signal }, started.job)
    const done = await client.teachers.show({ id: started.audit })
    return { json: done, text: () => auditTable(done, terminal.columns) }
  },
})

/** Undefined where nothing is said: the contract's default stands. */
function chosenTeachers(names: readonly string[], json: string | undefined): TeacherChoice[] | undefined {
  const options = readOptions(json)
  const stray = Object.keys(options).find((name) => !names.includes(name))
  if (stray !== undefined) {
    throw usageError('options of teachers that --teachers names', `some of “${stray}”`)
  }
  if (names.length === 0) return undefined
  return names.map((name) => ({ name, options: options[name] ?? {} }))
}

function readOptions(json: string | undefined): Record<string, TeacherChoice['options']> {
  if (json === undefined) return {}
  try {
    const entries = Object.entries(JSON.parse(json) as Record<string, unknown>)
    return Object.fromEntries(
      entries.map(([name, options]) => [name, teacherChoiceSchema.parse({ name, options }).options]),
    )
  } catch (error) {
    throw usageError(
      '--teacher-options as a JSON object, such as {"bm25": {"k1": 0.9}}',
      (error as Error).message.split('\n')[0],
    )
  }
}
