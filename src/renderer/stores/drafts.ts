import { defineStore } from 'pinia'
import { computed } from 'vue'
import { useClient } from '../api/client'
import { useLoad } from '../api/use-load'

const PREFIX = 'hydra.draft'

/**
 * What was typed and not yet used, by the name of its form: kept on this machine for each workspace, so that a reload or a
 * look at another page loses nothing.
 */
export const useDrafts = defineStore('drafts', () => {
  const client = useClient()
  const workspace = useLoad(
    () => true,
    (_, signal) => client.system.workspace(undefined, { signal }),
  )
  /** Without a workspace to name, forms begin empty and keep nothing. */
  const settled = computed(() => workspace.data.value !== null || workspace.failure.value !== null)
  const keyOf = (form: string) =>
    workspace.data.value ? `${PREFIX} ${form} ${workspace.data.value.folder}` : null

  /** What was kept, or null; what another version wrote and `parse` cannot read counts as nothing. */
  function read<Draft>(form: string, parse: (kept: unknown) => Draft | null): Draft | null {
    const key = keyOf(form)
    const kept = key && localStorage.getItem(key)
    if (!kept) return null
    try {
      return parse(JSON.parse(kept))
    } catch {
      return null
    }
  }

  /** Keeps the draft; null forgets it. */
  function keep(form: string, draft: unknown): void {
    const key = keyOf(form)
    if (!key) return
    if (draft === null) localStorage.removeItem(key)
    else localStorage.setItem(key, JSON.stringify(draft))
  }

  return { settled, read, keep }
})
