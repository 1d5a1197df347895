import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runCommandLine } from './hosts/terminal/run-command-line'

/** `hydra serve` as an entry of its own, for process supervisors: the same options, the same exit codes. */
const appRoot = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..')
const words = ['serve', '--no-open', ...process.argv.slice(2)]
const code = await runCommandLine({ words, appRoot, environment: process.env })
process.stdout.write('', () => process.exit(code))
