import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runCommandLine } from './hosts/terminal/run-command-line'

const appRoot = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..')

// A reader that stops early (`hydra runs list | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

const code = await runCommandLine({ words: process.argv.slice(2), appRoot, environment: process.env })
// What was printed leaves before the process does: a pipe may take it later.
process.stdout.write('', () => process.exit(code))
