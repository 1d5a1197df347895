import { expect, it } from 'vitest'
import type { Task } from '../../../src/main/engine/datasets/collection'
import { unseenGroups } from '../../../src/main/engine/evaluation/card-groups'
import type { EncodedTask } from '../../../src/main/engine/preferences/encoded-collection'
import { makeTasks } from '../datasets/made-collection'

const card = (relation: string, category: string) => ({
  id: `${relation}.${category}`,
  factors: { relation, category },
})
const encode = (tasks: readonly Task[]) => tasks.map((task) => ({ task }) as EncodedTask)

it('tells unseen cards apart by what of them was never trained', () => {
  const seen = encode(makeTasks('made', [card('part', 'animal'), card('kind', 'plant')]))
  const unseen = encode(
    makeTasks('made', [
      card('part', 'plant'),
      card('part', 'star'),
      card('whole', 'plant'),
      card('whole', 'star'),
      { id: 'plain' },
    ]),
  )
  const elsewhere = encode(makeTasks('other', [card('part', 'plant'), card('part', 'animal')]))
  const groups = [...unseenGroups([...unseen, ...elsewhere], seen)].map(
    ([group, tasks]) => [group, tasks.map(({ task }) => task.id)] as const,
  )
  expect(Object.fromEntries(groups)).toEqual({
    'unseen-combination': ['made/part.plant'],
    'unseen-category': ['made/part.star'],
    'unseen-relation': ['made/whole.plant'],
    unseen: ['made/whole.star', 'made/plain', 'other/part.plant', 'other/part.animal'],
  })
})
