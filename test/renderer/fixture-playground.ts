import { implement } from '@orpc/server'
import { contract } from '../../src/shared/contract'
import type { CardChoice } from '../../src/shared/schemas/card'
import { refused } from './fixture-refusal'
import { explain, rankSystems } from './fixture-search'
import { TASKS } from './fixture-world'

const keyOf = (choice: CardChoice | undefined) => (choice ? JSON.stringify(choice) : null)

/** The playground of the fixture. @param unseen tasks that its run held out */
export function fixturePlayground(unseen: readonly string[]) {
  const { playground: os } = implement({ playground: contract.playground })
  return {
    preparing: os.preparing.handler(async function* ({ signal }) {
      yield []
      await new Promise((resolve) => signal?.addEventListener('abort', resolve))
    }),
    rank: os.rank.handler(async ({ input }) => {
      // A slow and uneven answer, so that stale rankings are seen.
      await new Promise((resolve) => setTimeout(resolve, 20 + (input.query.length % 5) * 15))
      return rankSystems(input, keyOf(input.card), keyOf(input.other?.card))
    }),
    explain: os.explain.handler(({ input }) =>
      explain(
        input.document,
        input.query,
        keyOf(input.card),
        input.card && 'card' in input.card
          ? input.card.card
          : input.card
            ? { description: keyOf(input.card)! }
            : null,
        input.systems,
      ),
    ),
    suggest: os.suggest.handler(() =>
      unseen.slice(0, 6).map((task, i) => ({
        task,
        name: TASKS.find(({ id }) => id === task)!.name,
        query: 'wedding',
        moved: 9 - i,
        trained: false,
      })),
    ),
    task: os.task.handler(({ input, errors }) => {
      const task = TASKS.find(({ id }) => id === input.task)
      if (!task)
        throw refused(errors, 'TASK_UNKNOWN', {
          expected: 'a task',
          got: input.task,
          remedy: 'Choose another.',
        })
      return {
        card: {
          version: 1 as const,
          id: task.id.split('/')[1],
          name: task.name,
          description: task.description,
          examples: [],
        },
        queries: ['wedding', 'bread', 'snow'].map((text, at) => ({
          id: `q${at}`,
          text,
          split: 'dev',
          relevant: 3 - at,
        })),
      }
    }),
  }
}
