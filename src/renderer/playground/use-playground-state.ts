import { onScopeDispose, reactive, shallowRef, watch } from 'vue'
import { type LocationQuery, onBeforeRouteLeave, useRoute, useRouter } from 'vue-router'
import { useDrafts } from '../stores/drafts'
import { type PlaygroundState, readAddress, writeAddress } from './playground-address'

/** The address follows typing after this pause, ms: a key never waits for the router. */
const ADDRESS_PAUSE = 300
const FORM = 'playground'

/**
 * What the playground shows, in step with its address: what is typed is written there, and an address that comes from
 * elsewhere (the palette, Back, the address bar) is shown. A card that was edited is kept as a draft, too: who comes back
 * without an address finds it again.
 */
export function usePlaygroundState() {
  const route = useRoute()
  const router = useRouter()
  const drafts = useDrafts()
  const state = reactive(readAddress(route.query))
  /** Rises with each address that came from elsewhere. */
  const arrivals = shallowRef(1)
  /** The card on screen is one that was kept. */
  const restored = shallowRef(false)
  const words = () => JSON.stringify(writeAddress(state))

  /** What this page last wrote into its address: when it arrives, the state may already be ahead of it. */
  let written = words()
  let timer: ReturnType<typeof setTimeout> | undefined

  watch(
    () => route.query,
    (query) => {
      if (route.name !== 'playground') return
      const next = readAddress(query)
      const arrived = JSON.stringify(writeAddress(next))
      if (arrived === written) return
      clearTimeout(timer)
      written = arrived
      show(next)
      restore()
    },
  )
  watch(words, (now) => {
    clearTimeout(timer)
    if (now === written) return
    timer = setTimeout(() => {
      if (route.name !== 'playground') return
      written = now
      void router.replace({ name: 'playground', query: writeAddress(state) })
    }, ADDRESS_PAUSE)
  })

  // Who leaves is on the way until the next page has loaded: an address written meanwhile would call them back.
  onBeforeRouteLeave(() => clearTimeout(timer))
  // Who left may be back before the pause is over: that is another page, with an address of its own.
  onScopeDispose(() => clearTimeout(timer))

  function show(next: PlaygroundState): void {
    Object.assign(state, next)
    restored.value = false
    arrivals.value++
  }

  /** An address that says nothing of a card or a query opens on the kept card, unless it names another run. */
  function restore(): void {
    const asked = readAddress(route.query)
    if (asked.query || asked.base || asked.draft) return
    const kept = drafts.read(FORM, (query) => readAddress(query as LocationQuery))
    if (!kept?.draft || (asked.run && asked.run !== kept.run)) return
    show(kept)
    restored.value = true
  }
  watch(
    () => drafts.settled,
    (settled) => {
      if (settled) restore()
    },
    { immediate: true },
  )
  watch([() => (state.draft ? words() : null), arrivals], ([edited, arrival], [before, last]) => {
    if (edited !== null) drafts.keep(FORM, JSON.parse(edited))
    // Undone, saved, or another card begun; an address that comes without a card leaves the kept one alone.
    else if (before !== null && arrival === last) drafts.keep(FORM, null)
  })

  /** Forgets the kept card and begins as an empty address does. */
  function clear(): void {
    drafts.keep(FORM, null)
    show(readAddress({ run: state.run }))
  }

  return { state, arrivals, restored, clear }
}
