import { defineStore } from 'pinia'
import { shallowRef, watch } from 'vue'
import { RUN_TOKENS } from '../display/read-tokens'
import { type RunSlots, runStyles, withSlots } from '../display/run-color'
import { useDrafts } from './drafts'

const FORM = 'run-colors'

/** A colour per run that never changes: given when a run is first compared, and kept for the workspace. */
export const useRunColors = defineStore('run colors', () => {
  const drafts = useDrafts()
  const slots = shallowRef<RunSlots>({})

  function parse(kept: unknown): RunSlots | null {
    if (typeof kept !== 'object' || kept === null) return null
    const valid = Object.entries(kept).filter(([, slot]) => slot in RUN_TOKENS)
    return Object.fromEntries(valid)
  }
  watch(
    () => drafts.settled,
    (settled) => {
      // What was kept counts before what this page gave until it could read it.
      if (settled) slots.value = { ...slots.value, ...drafts.read(FORM, parse) }
    },
    { immediate: true },
  )

  return {
    /** Gives those that have none theirs. */
    require(runs: readonly string[]): void {
      const next = withSlots(slots.value, runs)
      if (Object.keys(next).length === Object.keys(slots.value).length) return
      slots.value = next
      if (drafts.settled) drafts.keep(FORM, next)
    },
    styles: (runs: readonly string[]) => runStyles(slots.value, runs),
  }
})
