import { collectSpecs, findSpec, parseOptions } from '../registry/registry'
import type { Teacher, TeacherMaterial, TeacherSpec } from './teacher'

/** Every teacher that a file of this folder exports. */
export const teachers = collectSpecs<TeacherSpec>(import.meta.glob(['./*.ts', '!./*.d.ts'], { eager: true }))

/** A teacher of the registry by name; options are checked, and the defaults stand for what is not given. */
export async function createTeacher(
  name: string,
  material: TeacherMaterial,
  options: Readonly<Record<string, unknown>> = {},
): Promise<Teacher> {
  const spec = findSpec('teacher', teachers, name)
  const chosen = parseOptions('teacher', spec, options)
  return spec.create(material, chosen, (member, memberOptions) =>
    createTeacher(member, material, memberOptions),
  )
}

/** Checks a name and its options without making anything; gives the options with their defaults. */
export function checkTeacher(name: string, options: Readonly<Record<string, unknown>> = {}): unknown {
  return parseOptions('teacher', findSpec('teacher', teachers, name), options)
}
