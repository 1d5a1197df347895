import { describe, expect, it } from 'vitest'
import { HostLog, logJobs } from '../../../src/main/services/system/host-log'
import type { JobRecord } from '../../../src/shared/schemas/job'

const job = (state: JobRecord['state'], error: JobRecord['error'] = null): JobRecord => ({
  id: 'j',
  kind: 'train',
  title: 'Train',
  state,
  createdAt: '',
  endedAt: null,
  progress: null,
  runs: [],
  error,
})

describe('the log of a host', () => {
  it('has the last lines, oldest first', () => {
    const log = new HostLog()
    for (let i = 0; i < 600; i++) log.add('info', String(i))
    expect(log.lines()).toHaveLength(500)
    expect(log.lines().map(({ message }) => message)).toEqual(
      Array.from({ length: 500 }, (_, i) => String(i + 100)),
    )
  })

  it('says each state of a job once, and why it failed', async () => {
    const log = new HostLog()
    const error = { code: 'DISK_FULL', expected: 'room', got: 'none', remedy: '' }
    const changes = async function* () {
      yield* [job('queued'), job('running'), job('running'), job('failed', error)]
    }
    await logJobs(changes(), log)
    expect(log.lines().map(({ level }) => level)).toEqual(['info', 'info', 'error'])
    expect(log.lines().at(-1)?.message).toContain('DISK_FULL')
  })
})
