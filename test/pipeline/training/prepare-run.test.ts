import { describe, expect, it } from 'vitest'
import { trainingProcesses, trainingQueue } from '../../../src/main/pipeline/training/prepare-run'

describe('trainingProcesses', () => {
  it('takes one for a few steps, which a second one would take longer to load for, and two for more', () => {
    expect([1, 10, 11, 4000].map((steps) => trainingProcesses({ steps }, 4))).toEqual([1, 1, 2, 2])
  })

  it('takes three for three networks, of which the last would leave a core idle', () => {
    expect([1, 2, 3, 4, 6].map((networks) => trainingProcesses({ steps: 800 }, networks))).toEqual([
      2, 2, 3, 2, 2,
    ])
  })

  it('is how many networks of a queue train at once', async () => {
    for (const processes of [1, 2]) {
      const { next } = trainingQueue(processes)
      let running = 0
      let most = 0
      const train = () =>
        next(async () => {
          most = Math.max(most, ++running)
          await new Promise(setImmediate)
          running--
        })
      await Promise.all([train(), train(), train()])
      expect(most).toBe(processes)
    }
  })
})
