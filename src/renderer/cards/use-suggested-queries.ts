import { onScopeDispose, shallowRef } from 'vue'
import type { SuggestedQueries, SuggestQueries } from '../../shared/schemas/generated-queries'
import type { Progress } from '../../shared/schemas/job'
import { useClient } from '../api/client'
import { useAction } from '../api/use-action'

type Suggestion = SuggestedQueries['suggestions'][number]

/** What a model suggested for a card, of which a person has not said yet what becomes of it. It is here and nowhere else. */
export function useSuggestedQueries() {
  const client = useClient()
  /** Null: nothing was asked, or it was cancelled. */
  const answer = shallowRef<{
    readonly asked: SuggestQueries
    readonly documents: number
    readonly written: number
  } | null>(null)
  const pending = shallowRef<readonly Suggestion[]>([])
  const progress = shallowRef<Progress | null>(null)
  let wanted: SuggestQueries | null = null
  let controller = new AbortController()

  const { busy, failure, run } = useAction(async () => {
    if (!wanted) return
    const asked = wanted
    controller = new AbortController()
    const { signal } = controller
    answer.value = null
    pending.value = []
    progress.value = null
    try {
      for await (const event of await client.cards.suggest(asked, { signal })) {
        if (event.type === 'progress') progress.value = event.progress
        else {
          const { suggestions, documents } = event.output
          pending.value = suggestions
          answer.value = { asked, documents, written: suggestions.length }
        }
      }
    } catch (error) {
      if (!signal.aborted) throw error
    }
  })
  const cancel = () => controller.abort()
  onScopeDispose(cancel)

  return {
    answer,
    pending,
    progress,
    busy,
    failure,
    cancel,
    suggest(request: SuggestQueries): void {
      wanted = request
      void run()
    },
    /** Takes one off the list, accepted or not. */
    settle(suggestion: Suggestion): void {
      pending.value = pending.value.filter((one) => one !== suggestion)
    },
  }
}
