import { type ShallowRef, shallowRef } from 'vue'
import type { HydraError } from '../../shared/errors'
import { toFailure } from './to-failure'

export interface Action {
  /** It runs: what starts it should be disabled. */
  readonly busy: Readonly<ShallowRef<boolean>>
  /** Why the last attempt failed. */
  readonly failure: Readonly<ShallowRef<HydraError | null>>
  run(): Promise<void>
  /** Takes the failure off the page. */
  forget(): void
}

/** Something that a person starts and that may fail, to be shown beside what started it. */
export function useAction(act: () => Promise<unknown>): Action {
  const busy = shallowRef(false)
  const failure = shallowRef<HydraError | null>(null)
  return {
    busy,
    failure,
    async run() {
      busy.value = true
      failure.value = null
      try {
        await act()
      } catch (error) {
        failure.value = toFailure(error)
      } finally {
        busy.value = false
      }
    },
    forget() {
      failure.value = null
    },
  }
}
