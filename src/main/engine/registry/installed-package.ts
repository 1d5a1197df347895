import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const packages = createRequire(import.meta.url)

/** Whether a package that is no dependency, but may be added, is there: its files, since a package may let nobody name them. */
export function isInstalled(name: string): boolean {
  return (packages.resolve.paths(name) ?? []).some((place) => existsSync(join(place, name, 'package.json')))
}
