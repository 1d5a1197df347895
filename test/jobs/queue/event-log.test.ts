import { describe, expect, it } from 'vitest'
import { EventLog } from '../../../src/main/jobs/queue/event-log'
import type { JobEvent } from '../../../src/shared/schemas/job'

const log = (message: string): JobEvent => ({ type: 'log', at: 0, level: 'info', message })
const loss = (step: number, arm = 'a'): JobEvent => ({
  type: 'loss',
  at: step,
  run: 'r',
  arm,
  step,
  steps: 1e6,
  loss: 1,
})
const progress = (phase: string, done: number): JobEvent => ({
  type: 'progress',
  at: done,
  progress: { phase, done, total: 100, unit: 'texts', rate: 1, remaining: 1 },
})

async function collect(events: AsyncIterable<JobEvent>): Promise<JobEvent[]> {
  const all: JobEvent[] = []
  for await (const event of events) all.push(event)
  return all
}

describe('EventLog', () => {
  it('gives every reader the past, then what comes, until it is closed', async () => {
    const events = new EventLog()
    events.append(log('one'))
    const early = collect(events.watch())
    await Promise.resolve()
    events.append(log('two'))
    const late = collect(events.watch())
    await Promise.resolve()
    events.append(log('three'))
    events.close()
    const all = [log('one'), log('two'), log('three')]
    expect(await early).toEqual(all)
    expect(await late).toEqual(all)
    expect(await collect(events.watch())).toEqual(all)
  })

  it('keeps only the newest progress of a phase', async () => {
    const events = new EventLog()
    for (const done of [1, 2, 3]) events.append(progress('encode', done))
    events.append(log('encoded'))
    for (const done of [1, 2]) events.append(progress('train', done))
    events.append(loss(1))
    events.append(progress('train', 3))
    events.close()
    expect(await collect(events.watch())).toEqual([
      progress('encode', 3),
      log('encoded'),
      loss(1),
      progress('train', 3),
    ])
  })

  it('never waits for a slow reader, who misses losses but nothing else', async () => {
    const events = new EventLog()
    const slow = events.watch()
    // The reader is at the door and takes nothing yet.
    const first = slow.next()
    await Promise.resolve()
    for (let step = 1; step <= 5000; step++) events.append(loss(step))
    events.append(log('end'))
    events.close()
    const rest: JobEvent[] = [(await first).value as JobEvent, ...(await collect(slow))]
    expect(rest.length).toBeLessThan(300)
    expect(rest.at(-1)).toEqual(log('end'))
    expect(rest.filter((event) => event.type === 'loss').at(-1)).toEqual(loss(5000))
  })

  it('thins the losses that it keeps, each curve evenly over its whole length', async () => {
    const events = new EventLog()
    for (let step = 1; step <= 10_000; step++) {
      events.append(loss(step))
      events.append(loss(step, 'b'))
    }
    events.close()
    const kept = await collect(events.watch())
    expect(kept.length).toBeLessThanOrEqual(2000)
    for (const arm of ['a', 'b']) {
      const steps = kept.flatMap((event) => (event.type === 'loss' && event.arm === arm ? [event.step] : []))
      const gaps = new Set(steps.slice(1).map((step, i) => step - steps[i]))
      expect(steps.length).toBeGreaterThan(500)
      expect(steps[0]).toBe(1)
      expect([...gaps]).toEqual([16])
    }
  })

  it('forgets a reader who leaves, by break or by signal', async () => {
    const events = new EventLog()
    events.append(log('one'))
    for await (const event of events.watch()) {
      expect(event).toEqual(log('one'))
      expect(events.readers).toBe(1)
      break
    }
    expect(events.readers).toBe(0)
    const controller = new AbortController()
    const waiting = collect(events.watch(controller.signal))
    await new Promise((resolve) => setTimeout(resolve))
    expect(events.readers).toBe(1)
    controller.abort()
    expect(await waiting).toEqual([log('one')])
    expect(events.readers).toBe(0)
  })
})
