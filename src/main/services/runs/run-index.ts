import { setTimeout as sleep } from 'node:timers/promises'
import type { RunChange, RunFigures, RunSummary } from '../../../shared/schemas/runs/run-summary'
import type { JobQueue } from '../../jobs/queue/job-queue'
import { appendKnownRuns, readKnownRuns, rewriteKnownRuns } from '../../workspace/runs/known-runs'
import { listRunFolders } from '../../workspace/runs/run-folder'
import { folderStamp, type KnownRun, readRunSummary } from '../../workspace/runs/run-summary'
import { RunChanges } from './run-changes'

/** Folders looked at between two turns of the event loop. */
const AT_ONCE = 32
/** Runs whose figures are asked for in one request: some of a second of reading. */
const FIGURES_AT_ONCE = 16
/** While somebody watches, the folders are looked at this often: another process may write there, too. */
const PERIOD_MS = 5000
/** Looking takes at most this share of the time. */
const SHARE = 0.05
/** Lines of the kept file that may count no longer, beside one for each run. */
const MOST_IDLE_LINES = 200

interface RunIndexOptions {
  readonly workspace: string
  /** Whether what was read may be kept for the next host. */
  readonly keeps: boolean
  readonly queue: Pick<JobQueue, 'changes'>
  /** Reads the long files of some runs, elsewhere than on this event loop. */
  figuresOf(runs: string[]): Promise<Readonly<Record<string, RunFigures>>>
}

/**
 * Every run as lists show it, read once and then only where a folder has changed: ten thousand runs cost ten thousand looks
 * at a folder's time, and nothing is parsed that was before. Works while somebody watches.
 */
export class RunIndex {
  readonly #options: RunIndexOptions
  readonly #known = new Map<string, KnownRun>()
  readonly #changes = new RunChanges()
  readonly #end = new AbortController()
  /** Stamps of what stands in the kept file, by run. */
  readonly #kept = new Map<string, string>()
  #lines = 0
  #loaded: Promise<void> | undefined
  /** Looks follow one another. */
  #looking: Promise<unknown> = Promise.resolve()
  #figuring: Promise<void> | undefined
  #following = false

  constructor(options: RunIndexOptions) {
    this.#options = options
  }

  /** Every run in portions, newest first, then `whole`; after it what changes and what goes, without end. */
  async *watch(signal?: AbortSignal): AsyncGenerator<RunChange, void, void> {
    this.#loaded ??= this.#load()
    await this.#loaded
    const stream = this.#changes.watch(this.#newestFirst(), this.look(), signal)
    this.#follow()
    yield* stream
  }

  /** Every run as it stands now, newest first; figures are those that were read already. */
  async rows(): Promise<RunSummary[]> {
    this.#loaded ??= this.#load()
    await this.#loaded
    await this.#inTurn(() => this.#refresh())
    return this.#newestFirst()
  }

  /** Looks at these runs, or at all, and tells who watches what has changed. */
  look(ids?: readonly string[]): Promise<void> {
    return this.#inTurn(() => this.#look(ids))
  }

  async close(): Promise<void> {
    this.#end.abort()
    await this.#looking
    await this.#figuring
  }

  #inTurn(look: () => Promise<void>): Promise<void> {
    const looked = this.#looking.then(look)
    this.#looking = looked.catch(() => undefined)
    return looked
  }

  #newestFirst(): RunSummary[] {
    const rows = [...this.#known.values()].map(({ row }) => row)
    return rows.sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
  }

  async #load(): Promise<void> {
    const { known, lines } = await readKnownRuns(this.#options.workspace)
    for (const [id, one] of known) {
      this.#known.set(id, one)
      this.#kept.set(id, stampOf(one))
    }
    this.#lines = lines
  }

  async #look(ids?: readonly string[]): Promise<void> {
    if (this.#end.signal.aborted || !this.#loaded) return
    await this.#loaded
    await this.#refresh(ids)
    this.#figuring ??= this.#readFigures().finally(() => {
      this.#figuring = undefined
    })
  }

  async #refresh(ids?: readonly string[]): Promise<void> {
    const { workspace } = this.#options
    const folders = ids ?? (await listRunFolders(workspace))
    const there = new Set<string>()
    for (let from = 0; from < folders.length; from += AT_ONCE) {
      if (this.#end.signal.aborted) return
      const portion = folders.slice(from, from + AT_ONCE)
      const changed: RunSummary[] = []
      const looked = await Promise.all(portion.map(async (id) => [id, await this.#lookAt(id)] as const))
      for (const [id, found] of looked) {
        if (found === 'gone') continue
        there.add(id)
        if (found === 'same') continue
        this.#known.set(id, found)
        changed.push(found.row)
      }
      if (changed.length > 0) this.#changes.changed(changed)
    }
    const gone = (ids ?? [...this.#known.keys()]).filter((id) => !there.has(id))
    for (const id of gone) this.#known.delete(id)
    if (gone.length > 0) this.#changes.gone(gone)
    await this.#keep()
  }

  async #lookAt(id: string): Promise<KnownRun | 'same' | 'gone'> {
    const { workspace } = this.#options
    const known = this.#known.get(id)
    const folder = await folderStamp(workspace, id)
    if (folder === null) return 'gone'
    if (known && folder !== '' && folder === known.folder) return 'same'
    const read = await readRunSummary(workspace, id, folder).catch(() => null)
    if (!read) return 'gone'
    const figures = known && known.figures === read.figures ? known.row.figures : null
    const found = { ...read, row: { ...read.row, figures } }
    if (!known || JSON.stringify(found.row) !== JSON.stringify(known.row)) return found
    this.#known.set(id, found)
    return 'same'
  }

  /** Of runs that have ended; one that runs has its own page with curves that move. */
  async #readFigures(): Promise<void> {
    for (;;) {
      const open = [...this.#known.values()].filter(
        ({ row }) => row.figures === null && row.state !== 'running',
      )
      const portion = open.slice(0, FIGURES_AT_ONCE)
      if (portion.length === 0 || this.#end.signal.aborted) break
      // Without them a list is whole all the same; the next look asks again.
      const figures = await this.#options.figuresOf(portion.map(({ row }) => row.id)).catch(() => null)
      if (!figures) return
      const read = portion.flatMap((known) => {
        const { id } = known.row
        if (this.#known.get(id) !== known || !figures[id]) return []
        const whole = { ...known, row: { ...known.row, figures: figures[id] } }
        this.#known.set(id, whole)
        return [whole]
      })
      if (read.length === 0) return
      this.#changes.changed(read.map(({ row }) => row))
      await this.#keep()
    }
  }

  /** What is settled and not in the file yet. A cache that cannot be written is none: the next host reads the runs. */
  async #keep(): Promise<void> {
    const { workspace, keeps } = this.#options
    if (!keeps) return
    const settled = [...this.#known.values()].filter(({ folder, row }) => folder !== '' && row.figures)
    const fresh = settled.filter((one) => this.#kept.get(one.row.id) !== stampOf(one))
    if (fresh.length === 0) return
    for (const one of fresh) this.#kept.set(one.row.id, stampOf(one))
    const crowded = this.#lines + fresh.length > 2 * settled.length + MOST_IDLE_LINES
    this.#lines = crowded ? settled.length : this.#lines + fresh.length
    const write = crowded ? rewriteKnownRuns(workspace, settled) : appendKnownRuns(workspace, fresh)
    await write.catch(() => undefined)
  }

  /** Looks again whenever a job begins or ends, and now and then. */
  #follow(): void {
    if (this.#following) return
    this.#following = true
    const { signal } = this.#end
    void this.#followJobs(signal)
    void this.#followFolders(signal)
  }

  async #followJobs(signal: AbortSignal): Promise<void> {
    const states = new Map<string, string>()
    for await (const { id, state, runs } of this.#options.queue.changes(signal)) {
      if (states.get(id) === state) continue
      states.set(id, state)
      if (runs.length > 0) await this.look(runs).catch(() => undefined)
    }
  }

  async #followFolders(signal: AbortSignal): Promise<void> {
    let pause = PERIOD_MS
    while (!signal.aborted) {
      await sleep(pause, undefined, { signal, ref: false }).catch(() => undefined)
      if (signal.aborted || !this.#changes.watched) continue
      const began = performance.now()
      await this.look().catch(() => undefined)
      pause = Math.max(PERIOD_MS, (performance.now() - began) / SHARE)
    }
  }
}

function stampOf({ folder, figures }: KnownRun): string {
  return `${folder} ${figures}`
}
