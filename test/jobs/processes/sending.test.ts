import { describe, expect, it } from 'vitest'
import { agreedToSend, agreeToSend, maySend, sendingFor } from '../../../src/main/jobs/processes/sending'
import { JobQueue } from '../../../src/main/jobs/queue/job-queue'
import { temporaryFolder } from '../../temporary-folder'
import { waitUntil } from '../../wait-until'

describe('who agreed that texts are sent', () => {
  it('is told for all that the work starts, and for nothing else', async () => {
    const later = () => new Promise<boolean>((done) => setTimeout(() => done(agreedToSend())))
    expect(await Promise.all([sendingFor(true, later), sendingFor(false, later), later()])).toEqual([
      true,
      false,
      false,
    ])
  })

  it('may agree in the midst', () => {
    sendingFor(false, () => {
      expect(maySend(1000)).toBe(false)
      agreeToSend()
      expect(maySend(1000)).toBe(true)
    })
    expect(agreedToSend()).toBe(false)
  })

  it('has some texts of each request unasked, however they come', () => {
    const once = () => sendingFor(false, () => [maySend(100), maySend(28), maySend(1)])
    expect(once()).toEqual([true, true, false])
    expect(once()).toEqual([true, true, false])
    expect(maySend(129)).toBe(false)
  })

  it('has agreed to a job however late that begins', async () => {
    const queue = new JobQueue({ workspace: await temporaryFolder(), now: () => new Date(0) })
    const told: boolean[] = []
    const start = (agreed: boolean) =>
      sendingFor(agreed, () =>
        queue.start({
          kind: 'import',
          title: 'a job',
          runs: [],
          work: () => new Promise<void>((done) => setTimeout(() => done(void told.push(agreedToSend())))),
        }),
      )
    start(true)
    start(false)
    start(true)
    await waitUntil(() => told.length === 3)
    expect(told).toEqual([true, false, true])
    await queue.close()
  })
})
