import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const packages = createRequire(import.meta.url)

/** Whether a package that is no dependency, but may be added, is there: its files, since a package may let nobody name them. */
export function isInstalled(name: string): boolean {
  return descriptionOf(name) !== null
}

/** Null where it is not installed. */
export function installedVersion(name: string): string | null {
  const file = descriptionOf(name)
  return file === null ? null : String(JSON.parse(readFileSync(file, 'utf8')).version)
}

function descriptionOf(name: string): string | null {
  const places = (packages.resolve.paths(name) ?? []).map((place) => join(place, name, 'package.json'))
  return places.find((file) => existsSync(file)) ?? null
}
