import { OperationSession } from '../../src/main/jobs/operation-session'

// Asks once and says nothing more: the program must end by itself, without closing the session.
const session = new OperationSession({ workspace: '/nowhere', appRoot: '/nowhere', script: process.argv[2] })
const { query } = await session.request('search', { run: 'frozen', query: 'a', k: 10 })
process.stdout.write(`answered ${query}\n`)
