import { computed, shallowRef } from 'vue'
import { useRouter } from 'vue-router'
import type { CardFormat } from '../../shared/schemas/authoring'
import { useClient } from '../api/client'
import { useAction } from '../api/use-action'
import { download } from '../charts/export-chart'
import { useCards } from '../stores/cards'
import { useDatasets } from '../stores/datasets'
import type { useCardEditor } from './use-card-editor'

type Origin = 'workspace' | 'template' | 'dataset' | 'new'
/** What a card is written to a file as; its ending says which reader it is for. */
const ENDINGS: Readonly<Record<CardFormat, string>> = { json: 'json', yaml: 'md' }

/** What can be done with the card on screen. */
export function useCardActions(
  id: string | null,
  { card, clear }: Pick<ReturnType<typeof useCardEditor>, 'card' | 'clear'>,
) {
  const client = useClient()
  const router = useRouter()
  const cards = useCards()
  const datasets = useDatasets()

  const origin = computed<{ kind: Origin; words: string }>(() => {
    if (id === null)
      return {
        kind: 'new',
        words: 'Say what a search is for, and show it by examples. Nothing else is asked of a card.',
      }
    if (id.includes('/')) {
      const [dataset] = id.split('/', 1)
      const title = datasets.all.find((one) => one.id === dataset)?.title ?? dataset
      return {
        kind: 'dataset',
        words: `A card of ${title}. Edited, it becomes a card of yours; the dataset keeps its own.`,
      }
    }
    if (cards.own.some((one) => one.id === id))
      return { kind: 'workspace', words: `Your card, in cards/${id}.json of the workspace.` }
    return {
      kind: 'template',
      words: 'A template that comes with the workbench. Edited, it becomes a card of yours.',
    }
  })

  const over = shallowRef(false)
  const saving = useAction(async () => {
    const own = origin.value.kind === 'workspace'
    const { card: saved } = await client.cards.save({ card: card.value, replace: own || over.value })
    clear()
    if (!own)
      await router.push({ name: 'card', params: { card: saved.id }, query: router.currentRoute.value.query })
  })
  const removing = useAction(async () => {
    if (id === null) return
    const { version } = await client.cards.remove({ id })
    clear()
    await router.push({ name: 'cards', query: { removed: id, version } })
  })
  return {
    origin,
    busy: computed(() => saving.busy.value || removing.busy.value),
    save: () => {
      over.value = false
      void saving.run()
    },
    replace: () => {
      over.value = true
      void saving.run()
    },
    saveFailure: saving.failure,
    remove: removing.run,
    removeFailure: removing.failure,
    async write(format: CardFormat): Promise<void> {
      const { text } = await client.cards.format({ card: card.value, format })
      download(`${card.value.id}.${ENDINGS[format]}`, new Blob([text]))
    },
  }
}
