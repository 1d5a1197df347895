import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startDesktop } from './hosts/electron/start-desktop'

// Not awaited: Electron becomes ready only after its entry module has been evaluated.
void startDesktop(resolve(dirname(fileURLToPath(import.meta.url)), '..', '..'))
