import { expect, it } from 'vitest'
import { requireScored } from '../../../src/main/pipeline/datasets/require-scored'
import type { HydraError } from '../../../src/shared/errors'
import { makeTasks } from '../../engine/datasets/made-collection'

const relevant = [[0, [[1, 1]]]] as [number, [number, number][]][]
const irrelevant = [[0, [[1, 0]]]] as [number, [number, number][]][]
const tasks = makeTasks('set', [
  { id: 'both', dev: relevant, test: relevant },
  { id: 'dev-only', dev: relevant },
  { id: 'zeros', test: irrelevant },
])
const named = (...ids: string[]) => tasks.filter(({ card }) => ids.includes(card.id))

it('has nothing to say where every task has queries that count', () => {
  expect(requireScored(named('both'), 'test')).toEqual([])
  expect(requireScored(named('both', 'dev-only'), 'dev')).toEqual([])
})

it('names the tasks that will have no score beside others', () => {
  expect(requireScored(tasks, 'test')).toEqual([expect.stringContaining('set/dev-only, set/zeros')])
})

it.each([
  [['dev-only'], 'test', 'hydra evaluate --frozen --tasks set/dev-only --split dev'],
  [['zeros'], 'test', undefined],
  [['zeros'], 'dev', undefined],
] as const)('refuses %j on %s, with what else could be scored: %s', (ids, split, command) => {
  let refused: unknown
  try {
    requireScored(named(...ids), split)
  } catch (error) {
    refused = error
  }
  expect(refused).toMatchObject({ code: 'TASK_UNUSABLE', detail: { got: expect.any(String) } })
  expect((refused as HydraError).detail.command).toBe(command)
})
