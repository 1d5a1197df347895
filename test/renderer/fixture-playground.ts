import { implement } from '@orpc/server'
import type { RequestHeadersPluginContext } from '@orpc/server/plugins'
import { AGREED_HEADER } from '../../src/shared/calls/agreed-header'
import { contract } from '../../src/shared/contract'
import type { CardChoice } from '../../src/shared/schemas/card'
import { refused } from './fixture-refusal'
import { explain, rankSystems } from './fixture-search'
import { TASKS } from './fixture-world'

const keyOf = (choice: CardChoice | undefined) => (choice ? JSON.stringify(choice) : null)

/** A corpus that a service has to encode for its first search: its query in the fixture. */
export const UNSENT = 'a corpus that was never sent'

/** The playground of the fixture. @param unseen tasks that its run held out  @param onUnsent it refused to send a corpus */
export function fixturePlayground(unseen: readonly string[], onUnsent: () => void) {
  const { playground: os } = implement({
    playground: contract.playground,
  }).$context<RequestHeadersPluginContext>()
  return {
    preparing: os.preparing.handler(async function* ({ signal }) {
      yield []
      await new Promise((resolve) => signal?.addEventListener('abort', resolve))
    }),
    rank: os.rank.handler(async ({ input, errors, context }) => {
      if (input.query === UNSENT && !context.reqHeaders?.has(AGREED_HEADER)) {
        onUnsent()
        throw refused(errors, 'REMOTE_UNAGREED', {
          expected: 'somebody who agreed that texts are sent to Made Service',
          got: '3,000 texts, and nobody asked',
          remedy: 'See what would be sent, and agree.',
        })
      }
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
