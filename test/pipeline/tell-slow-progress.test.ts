import { expect, it } from 'vitest'
import { tellSlowProgress } from '../../src/main/pipeline/tell-slow-progress'
import type { JobEvent } from '../../src/shared/schemas/job'
import { madeContext } from '../made-context'

it('what takes long is told of, and nothing else', () => {
  const heard: JobEvent[] = []
  let now = 1_000
  const context = madeContext('nowhere', { emit: (event) => heard.push(event), now: () => new Date(now) })
  const slow = tellSlowProgress(context, 500)
  const progress = (done: number): JobEvent => ({
    type: 'progress',
    at: now,
    progress: { phase: 'encode', done, total: 9, unit: 'texts', rate: 1, remaining: null },
  })
  slow.emit(progress(1))
  now += 499
  slow.emit(progress(2))
  now += 1
  slow.emit(progress(3))
  slow.emit({ type: 'log', at: now, level: 'info', message: 'encoded' })
  expect(heard).toEqual([progress(3)])
})
