import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { openRowPool } from '../../../src/main/jobs/models/row-pool'

it('ends a worker that no longer answers, tries once more, and fails with the reason', async () => {
  const pool = openRowPool<string>({
    model: {},
    columns: 2,
    processes: 1,
    workerFile: resolve(import.meta.dirname, 'silent-row-worker.mjs'),
    chunkBoundMs: 300,
    lengthOf: (text) => text.length,
  })
  const work = pool.work(['a', 'b'])
  await expect(work).rejects.toMatchObject({ code: 'WORKER_CRASHED' })
  await expect(work).rejects.toThrow(/no answer for 0.3 s/)
  await pool.dispose()
})
