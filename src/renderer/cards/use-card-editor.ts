import { computed, shallowRef, watch } from 'vue'
import type { TaskCard } from '../../shared/schemas/card'
import { useClient } from '../api/client'
import { useLatest } from '../api/use-latest'
import { useLoad } from '../api/use-load'
import { useCards } from '../stores/cards'
import { useDrafts } from '../stores/drafts'
import {
  type CardSheet,
  cardOfSheet,
  EMPTY_SHEET,
  idOfName,
  readSheet,
  sameSheet,
  sheetOfCard,
} from './card-draft'

/** What drafts are kept by. */
export const formOfCard = (id: string | null) => `card ${id ?? ''}`

/**
 * A card on screen: as it is saved, or as it was edited away from that. What is edited is kept as a draft, by card.
 * @param id the card; null: a new one, which begins as `from` or blank
 */
export function useCardEditor(id: string | null, from: string | null) {
  const client = useClient()
  const cards = useCards()
  const drafts = useDrafts()
  const form = formOfCard(id)
  const begun = id ?? from

  const shown = useLoad(
    () => (begun === null ? null : { id: begun, turn: cards.turns }),
    ({ id: asked }, signal) => client.cards.show({ id: asked }, { signal }),
  )
  /** A new card made from another is a card of its own: with neither its id nor its place. */
  const base = computed<CardSheet>(() => {
    const card = shown.data.value
    if (!card) return EMPTY_SHEET
    return id === null ? { ...sheetOfCard(card), id: '', name: '' } : sheetOfCard(card)
  })
  const edited = shallowRef<CardSheet | null>(null)
  const restored = shallowRef(false)
  watch(
    () => drafts.settled,
    (settled) => {
      if (!settled) return
      edited.value = drafts.read(form, readSheet)
      restored.value = edited.value !== null
    },
    { immediate: true },
  )
  const sheet = computed<CardSheet>({
    get: () => edited.value ?? base.value,
    set: (typed) => {
      edited.value = sameSheet(typed, base.value) ? null : typed
      drafts.keep(form, edited.value)
    },
  })
  function clear(): void {
    edited.value = null
    restored.value = false
    drafts.keep(form, null)
  }

  /** The card that the sheet makes now. It gets its id from its name until one is typed. */
  const card = computed<TaskCard>(() => {
    const { id: typed, name } = sheet.value
    return cardOfSheet({ ...sheet.value, id: typed.trim() || idOfName(name) })
  })
  const issues = useLatest(
    () => (shown.data.value || begun === null ? { card: card.value } : null),
    (request, signal) => client.cards.check(request, { signal }),
  )
  /** By field, the first complaint of each. */
  const complaints = computed<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(
      (issues.result.value ?? []).toReversed().map(({ field, message }) => [field, message]),
    ),
  )
  const valid = computed(() => issues.result.value?.length === 0 && !issues.stale.value)

  return { shown, sheet, card, edited, restored, clear, complaints, valid }
}
