import { splitAssignment } from './read-assignment'

/** `--where year=2020 --where open=true --where lang=en`: numbers, yes and no as in JSON, all else as words; `"2020"` is a word. */
export function readWhere(
  assignments: readonly string[] | undefined,
): Record<string, string | number | boolean> {
  const where: Record<string, string | number | boolean> = {}
  for (const assignment of assignments ?? []) {
    const [field, text] = splitAssignment(assignment, 'year=2020', '--where')
    where[field] = plain(text)
  }
  return where
}

function plain(text: string): string | number | boolean {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  } catch {
    // A word.
  }
  return text
}
