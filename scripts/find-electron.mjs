import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/**
 * Where Electron's binary lies, or null. Reads the electron package's own note instead of importing the package:
 * importing it without the binary starts a download.
 */
export function findElectron() {
  const home = dirname(createRequire(import.meta.url).resolve('electron/package.json'))
  const note = join(home, 'path.txt')
  const name = existsSync(note) ? readFileSync(note, 'utf8').trim() : 'electron'
  const binary = join(process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(home, 'dist'), name)
  return existsSync(binary) ? binary : null
}
