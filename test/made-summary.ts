import type { RunSummary } from '../src/shared/schemas/runs/run-summary'
import { runDraft } from './run-draft'

/** A finished run as lists show it, with what a test does not care about filled in. */
export function madeSummary(change: Partial<RunSummary> = {}): RunSummary {
  const { kind, title, request, datasets, encoder, backend, companion, app } = runDraft()
  return {
    ...{ id: 'r', kind, request, datasets, encoder, backend, companion, app },
    title,
    ownTitle: title,
    createdAt: '2026-03-04T05:06:07.000Z',
    endedAt: '2026-03-04T05:09:07.000Z',
    state: 'done',
    reason: null,
    tags: [],
    notes: '',
    archived: false,
    tasks: { seen: 1, unseen: 0 },
    figures: null,
    ...change,
  }
}
