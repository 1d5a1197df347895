import { expect, it } from 'vitest'
import { requireScored } from '../../../src/main/pipeline/datasets/require-scored'
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
  [['dev-only'], 'test', /--split dev/],
  [['zeros'], 'test', /^(?!.*--split)/],
  [['zeros'], 'dev', /qrels\/dev\.tsv/],
] as const)('refuses %j on %s', (ids, split, remedy) => {
  const refused = () => requireScored(named(...ids), split)
  expect(refused).toThrow(
    expect.objectContaining({
      code: 'TASK_UNUSABLE',
      detail: expect.objectContaining({ remedy: expect.stringMatching(remedy) }),
    }),
  )
})
