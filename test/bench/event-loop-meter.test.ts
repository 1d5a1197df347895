import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { startEventLoopMeter } from './event-loop-meter'

describe('startEventLoopMeter', () => {
  it('sees a block as long as it was', async () => {
    const meter = startEventLoopMeter()
    await sleep(30)
    const end = performance.now() + 150
    while (performance.now() < end);
    await sleep(30)
    const { longestMs, samples } = meter.stop()
    expect(longestMs).toBeGreaterThan(135)
    expect(samples).toBeGreaterThan(4)
  })

  it('sees one that lasts until it is stopped', async () => {
    const meter = startEventLoopMeter()
    await sleep(10)
    const end = performance.now() + 80
    while (performance.now() < end);
    expect(meter.stop().longestMs).toBeGreaterThan(60)
  })
})
