import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

/** A case that lies beside the checkout, or null with a word of why its tests are left out. */
export function sharedCase(name: string): string | null {
  const folder = resolve('../shared/cases', name)
  if (existsSync(folder)) return folder
  console.log(`skipped: the case ${name} is not at ${folder}`)
  return null
}
