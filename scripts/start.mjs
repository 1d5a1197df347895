import { spawn } from 'node:child_process'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildWhenStale } from './build-when-stale.mjs'
import { findElectron } from './find-electron.mjs'

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..')

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
