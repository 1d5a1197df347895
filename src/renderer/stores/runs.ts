import { defineStore } from 'pinia'
import { computed, shallowRef, triggerRef, watch } from 'vue'
import type { HydraError } from '../../shared/errors'
import type { RunChange, RunSummary } from '../../shared/schemas/runs/run-summary'
import type { Verdict } from '../../shared/schemas/verdict'
import { useClient, useConnection } from '../api/client'
import { follow } from '../api/follow'
import { toFailure } from '../api/to-failure'
import { useJobs } from './jobs'

/** Changes that come closer together than this are shown at once, ms; of many runs each look costs more, so they wait longer. */
const PAUSE = 50
const PAUSE_PER_RUN = 0.05
/** Waiting shorter than this shows nothing. */
const SLOW_AFTER = 300

/** The runs of the workspace, newest first, kept current by one stream for the whole window, and the verdicts that were asked for. */
export const useRuns = defineStore('runs', () => {
  const client = useClient()
  const connection = useConnection()
  const jobs = useJobs()
  const byId = shallowRef<ReadonlyMap<string, RunSummary>>(new Map())
  const loaded = shallowRef(false)
  const slow = shallowRef(false)
  const failure = shallowRef<HydraError | null>(null)
  const verdicts = shallowRef(new Map<string, Verdict | null>())

  /** What the stream has said: shown as a whole, so that a line that breaks takes no row off the page. */
  let said = new Map<string, RunSummary>()
  let whole = false
  let waits = false
  const waiting = setTimeout(() => {
    slow.value = !loaded.value
  }, SLOW_AFTER)

  function hear(change: RunChange): void {
    if (change.type === 'rows') for (const row of change.rows) said.set(row.id, row)
    else if (change.type === 'gone') for (const id of change.ids) said.delete(id)
    else whole = true
    if (!whole || waits) return
    waits = true
    setTimeout(show, loaded.value ? PAUSE + PAUSE_PER_RUN * said.size : 0)
  }

  function show(): void {
    waits = false
    if (!whole) return
    byId.value = new Map(said)
    loaded.value = true
    slow.value = false
  }

  void follow({
    connection,
    signal: new AbortController().signal,
    open: (signal) => client.runs.watch(undefined, { signal }),
    begin: () => {
      said = new Map()
      whole = false
      failure.value = null
    },
    event: hear,
    complete: () => false,
  }).catch((error) => {
    clearTimeout(waiting)
    slow.value = false
    failure.value = toFailure(error)
  })

  watch(
    () => jobs.turns,
    () => {
      verdicts.value.clear()
      triggerRef(verdicts)
    },
  )

  const all = computed<readonly RunSummary[]>(() =>
    [...byId.value.values()].sort((a, b) => compareText(b.createdAt, a.createdAt)),
  )
  /** Runs with a verdict to read, without those that a person put out of the way. */
  const finished = computed(() => all.value.filter((run) => run.state === 'done' && !run.archived))
  /** Runs with a network to search with. */
  const trained = computed(() => finished.value.filter((run) => run.kind !== 'frozen'))
  const broken = computed(() =>
    all.value.filter(
      ({ state, archived }) =>
        !archived && (state === 'failed' || state === 'interrupted' || state === 'paused'),
    ),
  )

  async function verdict(id: string, signal?: AbortSignal): Promise<Verdict | null> {
    const known = verdicts.value.get(id)
    if (known !== undefined) return known
    const read = await client.runs.verdict({ id }, { signal })
    verdicts.value.set(id, read)
    return read
  }

  return { all, byId, finished, trained, broken, loaded, slow, failure, verdict }
})

/** Of plain letters, quickly: ids and times. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
