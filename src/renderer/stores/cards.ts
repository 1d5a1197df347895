import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { useClient, useConnection } from '../api/client'
import { follow } from '../api/follow'
import { useLoad } from '../api/use-load'

/** The cards that people wrote and the templates, in step with every other window. */
export const useCards = defineStore('cards', () => {
  const client = useClient()
  const connection = useConnection()
  const list = useLoad(
    () => true,
    (_, signal) => client.cards.list(undefined, { signal }),
  )
  /** Rises with each change of a card, here or elsewhere: what shows one reloads on it. */
  const turns = shallowRef(0)

  function turn(): void {
    turns.value++
    list.reload()
  }
  // A host that refuses the stream has refused the list, too, which says why.
  void follow({
    connection,
    signal: new AbortController().signal,
    open: (signal) => client.cards.changes(undefined, { signal }),
    begin: () => {
      if (list.data.value) turn()
    },
    event: turn,
    complete: () => false,
  }).catch(() => undefined)

  const all = computed(() => list.data.value ?? [])
  return {
    all,
    own: computed(() => all.value.filter(({ origin }) => origin === 'workspace').map(({ card }) => card)),
    loaded: computed(() => list.data.value !== null),
    slow: list.slow,
    failure: list.failure,
    turns,
  }
})
