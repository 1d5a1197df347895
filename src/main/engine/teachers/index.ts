import type { z } from 'zod'
import { HydraError } from '../../../shared/errors'
import { bm25 } from './bm25'
import { dense } from './dense'
import { judgments } from './judgments'
import type { Teacher, TeacherMaterial, TeacherSpec } from './teacher'

export const teachers: readonly TeacherSpec[] = [bm25, dense, judgments]

/** A teacher of the registry by name; options are checked, and the defaults stand for what is not given. */
export async function createTeacher(
  name: string,
  material: TeacherMaterial,
  options: Readonly<Record<string, unknown>> = {},
): Promise<Teacher> {
  const spec = teachers.find((teacher) => teacher.name === name)
  if (!spec) {
    throw new HydraError('OPTION_UNKNOWN', {
      expected: `a teacher: ${teachers.map((teacher) => teacher.name).join(', ')}`,
      got: JSON.stringify(name),
      remedy: 'Choose one of these.',
    })
  }
  const parsed: z.ZodSafeParseResult<unknown> = spec.options.safeParse(options)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new HydraError('USAGE', {
      expected: `options of ${name}: ${issue.path.join('.')} ${issue.message}`,
      got: JSON.stringify(options),
      remedy: 'Correct the option or leave it out.',
    })
  }
  return spec.create(material, parsed.data)
}
