/// <reference types="node" />
import { setTimeout as sleep } from 'node:timers/promises'
import { devOf, headlineOf } from '../../src/main/pipeline/reporting/run-figures'
import type { RunRecord } from '../../src/shared/schemas/run'
import type { AnnotationChange, Annotations, DeletedRun } from '../../src/shared/schemas/runs/annotations'
import type { RunChange, RunSummary } from '../../src/shared/schemas/runs/run-summary'
import { makeVerdict } from './fixture-world'

const PERIOD_MS = 50

/** What was written about the fixture's runs, which of them were deleted, and their stream. */
export class FixtureAnnotations {
  readonly #written = new Map<string, Annotations>()
  readonly #deleted = new Map<string, RunRecord>()

  of(id: string): Annotations {
    return this.#written.get(id) ?? { version: 1, name: null, tags: [], notes: '', archived: false }
  }

  change(id: string, { tag = [], untag = [], ...said }: AnnotationChange): Annotations {
    const before = this.of(id)
    const tags = [...new Set([...before.tags, ...tag])].filter((one) => !untag.includes(one)).sort()
    const after = { ...before, ...said, tags }
    this.#written.set(id, after)
    return after
  }

  delete(runs: RunRecord[], ids: readonly string[]): DeletedRun[] {
    for (const id of ids) {
      const at = runs.findIndex((run) => run.id === id)
      if (at < 0) continue
      const [run] = runs.splice(at, 1)
      this.#deleted.set(id, run)
    }
    return this.deleted()
  }

  restore(runs: RunRecord[], ids: readonly string[]): void {
    for (const id of ids) {
      const run = this.#deleted.get(id)
      if (run && this.#deleted.delete(id)) runs.push(run)
    }
  }

  deleted(): DeletedRun[] {
    return [...this.#deleted.values()].map(({ id, title }) => ({
      id,
      title: this.of(id).name ?? title,
      deletedAt: '2026-03-14T10:00:00.000Z',
    }))
  }

  empty(): number {
    const { size } = this.#deleted
    this.#deleted.clear()
    return size
  }

  async *watch(runs: readonly RunRecord[], signal?: AbortSignal): AsyncGenerator<RunChange, void, void> {
    const told = new Map<string, string>()
    let whole = false
    while (!signal?.aborted) {
      const rows = runs
        .map((run) => this.#summary(run))
        .filter((row) => told.get(row.id) !== JSON.stringify(row))
      for (const row of rows) told.set(row.id, JSON.stringify(row))
      if (rows.length > 0) yield { type: 'rows', rows }
      const gone = [...told.keys()].filter((id) => runs.every((run) => run.id !== id))
      for (const id of gone) told.delete(id)
      if (gone.length > 0) yield { type: 'gone', ids: gone }
      if (!whole) yield { type: 'whole' }
      whole = true
      await sleep(PERIOD_MS)
    }
  }

  #summary(run: RunRecord): RunSummary {
    const { id, kind, title, createdAt, endedAt, state, reason, request, datasets, encoder, backend, app } =
      run
    const { name, tags, notes, archived } = this.of(id)
    const verdict = state === 'done' ? makeVerdict(run, id === 'demo-one-way' ? 0.008 : 0) : null
    const dev = verdict
      ? [0.31, 0.35, 0.34].map((value, i) => ({
          ...({ type: 'dev', at: 0, run: id, arm: 'task card', measure: 'dev nDCG@10' } as const),
          step: 200 * (i + 1),
          value,
        }))
      : []
    return {
      ...{ id, kind, createdAt, endedAt, state, reason, request, datasets, encoder, backend, app },
      companion: run.companion,
      ...{ tags, notes, archived },
      title: name ?? title,
      ownTitle: title,
      tasks: { seen: run.seen.length, unseen: run.unseen.length },
      figures: state === 'running' ? null : { headline: verdict && headlineOf(verdict), dev: devOf(dev, id) },
    }
  }
}
