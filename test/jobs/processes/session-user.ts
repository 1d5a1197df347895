import { OperationSession } from '../../../src/main/jobs/processes/operation-session'

// Asks once and says nothing more: the program must end by itself, without closing the session.
const session = new OperationSession({ workspace: '/nowhere', appRoot: '/nowhere', script: process.argv[2] })
const { card } = await session.request('playground-rank', { run: 'frozen', query: 'a', systems: ['frozen'] })
process.stdout.write(`answered ${card?.text}\n`)
