import { createRequire } from 'node:module'

const packages = createRequire(import.meta.url)

/** Whether a package that is no dependency, but may be added, is there. */
export function isInstalled(name: string): boolean {
  try {
    packages.resolve(`${name}/package.json`)
    return true
  } catch {
    return false
  }
}
