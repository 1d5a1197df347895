import type { z } from 'zod'

/** Under which heading a setting is shown: in `hydra list setting`, in the form and in docs/reference.md. */
export const SETTING_GROUPS = [
  'network',
  'cards',
  'objective',
  'optimiser',
  'sampling',
  'generated queries',
  'stopping',
] as const
export type SettingGroup = (typeof SETTING_GROUPS)[number]

/** A setting says itself what it is: the command line, the form and the reference are made from it. */
export function setting<Schema extends z.ZodType>(
  group: SettingGroup,
  description: string,
  schema: Schema,
): Schema {
  return schema.meta({ group, description })
}
