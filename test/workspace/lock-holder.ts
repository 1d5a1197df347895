import { lockWorkspace } from '../../src/main/workspace/workspace-lock'

// Takes the lock, says so, and keeps it until it is killed.
await lockWorkspace(process.argv[2], 'web', () => new Date())
process.stdout.write('locked\n')
setInterval(() => undefined, 1000)
