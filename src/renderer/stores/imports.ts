import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { isBuiltIn } from '../../shared/built-in-datasets'
import type { HydraError } from '../../shared/errors'
import type { ImportPlan } from '../../shared/schemas/dataset'
import { useClient } from '../api/client'
import { bytesOf, type PickedDataset, useFileDoor } from '../api/file-door'
import { isAbort, toFailure } from '../api/to-failure'
import { useJobs } from './jobs'

/** Percent of the judged queries, where a person asks for a split: enough of each of three. */
const USUAL_SHARES = { train: 50, dev: 20, test: 30 }

/** A dataset on its way in: sent to the host, asked whether its id is free, imported by a job. */
export interface ImportEntry {
  readonly key: number
  readonly name: string
  /** Bytes; null where nothing need be sent. */
  sent: { done: number; total: number } | null
  /** What stands under its id, while nobody has said what to do. */
  taken: ImportPlan | null
  /** Id that it gets. */
  id: string | null
  job: string | null
  failure: HydraError | null
}

/** Imports that this window began; it goes on with them whatever page is looked at. */
export const useImports = defineStore('imports', () => {
  const client = useClient()
  const door = useFileDoor()
  const jobs = useJobs()
  const entries = ref<ImportEntry[]>([])
  const sources = new Map<number, string>()
  const stops = new Map<number, AbortController>()
  /** Whether a collection without train split has its judged queries hashed into train, dev and test. */
  const hashes = ref(false)
  let keys = 0

  function add(name: string, sent: ImportEntry['sent']): ImportEntry {
    keys++
    entries.value.unshift({ key: keys, name, sent, taken: null, id: null, job: null, failure: null })
    return entries.value[0]
  }

  async function attempt(entry: ImportEntry, act: () => Promise<void>): Promise<void> {
    entry.failure = null
    try {
      await act()
    } catch (error) {
      if (isAbort(error)) dismiss(entry)
      else entry.failure = toFailure(error)
    }
  }

  /** Asks first, so that nothing is read for an id that is taken. */
  async function plan(entry: ImportEntry, source: string): Promise<void> {
    sources.set(entry.key, source)
    const planned = await client.datasets.planImport({ source })
    if (planned.taken) entry.taken = planned
    else await begin(entry, planned.id, false)
  }

  async function begin(entry: ImportEntry, id: string, replace: boolean): Promise<void> {
    const source = sources.get(entry.key)!
    // Said only where a person chose it: what is built here has an id of its own.
    const given = entry.taken ? { id } : {}
    const split = hashes.value && !isBuiltIn(source) ? { split: USUAL_SHARES } : {}
    const { job } = await client.datasets.import({ source, ...given, ...split, replace })
    Object.assign(entry, { taken: null, id, job })
    await jobs.know(job)
  }

  /** A path on the host's machine, or a collection that is built there. */
  async function addSource(source: string): Promise<void> {
    const entry = add(source, null)
    await attempt(entry, () => plan(entry, source))
  }

  async function addPicked(dataset: PickedDataset): Promise<void> {
    const total = bytesOf(dataset)
    const entry = add(dataset.name, { done: 0, total })
    const stop = new AbortController()
    stops.set(entry.key, stop)
    await attempt(entry, async () => {
      const source = await door.pathOf(
        dataset,
        (done) => {
          entry.sent = { done, total }
        },
        stop.signal,
      )
      entry.sent = null
      await plan(entry, source)
    })
  }

  /** Goes on with one whose id was taken. */
  function settle(entry: ImportEntry, id: string, replace: boolean): Promise<void> {
    return attempt(entry, async () => {
      if (!replace) {
        const again = await client.datasets.planImport({ source: sources.get(entry.key)!, id })
        if (again.taken) {
          entry.taken = again
          return
        }
      }
      await begin(entry, id, replace)
    })
  }

  /** Takes it off the page; what is still being sent stops. */
  function dismiss(entry: ImportEntry): void {
    stops.get(entry.key)?.abort()
    entries.value = entries.value.filter(({ key }) => key !== entry.key)
  }

  /** Imports that other windows, or this one before a reload, began. */
  const others = computed(() =>
    jobs.live.filter(({ kind, id }) => kind === 'import' && !entries.value.some(({ job }) => job === id)),
  )

  return { entries, others, hashes, addSource, addPicked, settle, dismiss }
})
