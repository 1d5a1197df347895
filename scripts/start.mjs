import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildWhenStale } from './build-when-stale.mjs'

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..')

/**
 * Where Electron's binary lies, or null. Reads the electron package's own note instead of importing the package:
 * importing it without the binary starts a download.
 */
function findElectron() {
  const home = dirname(createRequire(import.meta.url).resolve('electron/package.json'))
  const note = join(home, 'path.txt')
  const name = existsSync(note) ? readFileSync(note, 'utf8').trim() : 'electron'
  const binary = join(process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(home, 'dist'), name)
  return existsSync(binary) ? binary : null
}

try {
  await buildWhenStale()
} catch (error) {
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
}
const electron = findElectron()
if (!electron) {
  process.stderr.write(
    "Electron's binary is not installed (npx install-electron would fetch it): opening the workbench in the browser instead.\n",
  )
}
const command = electron
  ? [electron, [ROOT, ...process.argv.slice(2)]]
  : [process.execPath, [join(ROOT, 'bin', 'hydra.mjs'), 'serve', ...process.argv.slice(2)]]
const child = spawn(command[0], command[1], { stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(signal ? 130 : (code ?? 1)))
