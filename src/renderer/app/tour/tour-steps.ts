import type { RouteLocationRaw } from 'vue-router'

export interface TourStep {
  readonly title: string
  readonly text: string
  to(run: string): RouteLocationRaw
  /** What it points at: a selector of an element of the page as it always is. */
  target(run: string): string
}

/** From a verdict to a card that one edits, in the real pages. */
export const TOUR_STEPS: readonly TourStep[] = [
  {
    title: 'The verdict',
    text: 'What the card was worth, in words, and beside the best control on the same queries, with intervals. It stays on Home.',
    to: () => ({ name: 'home' }),
    target: (run) => `main article:has(a[href*="run=${CSS.escape(run)}"])`,
  },
  {
    title: 'The ladder',
    text: 'Every control and every network on the same queries, each with its 95 % interval. The verdict above says which difference is more than chance.',
    to: (run) => ({ name: 'compare', query: { run } }),
    target: () => 'main figure',
  },
  {
    title: 'The card',
    text: 'Change its words and watch the ranking beside the frozen encoder’s follow every key.',
    to: (run) => ({ name: 'playground', query: { run } }),
    target: () => 'main [aria-label="Card"]',
  },
]

/**
 * Where the tour is in a workspace: it waits for the first verdict of one that was empty, is offered, stands at a step, or is
 * over for good. `none`: a workspace that had runs before it was first seen gets no tour of its own accord.
 */
export type TourState = 'none' | 'waiting' | 'offered' | 'over' | number

/** What was kept of it, or null. */
export function readTour(kept: unknown): TourState | null {
  if (kept === 'waiting' || kept === 'over') return kept
  return typeof kept === 'number' && kept in TOUR_STEPS ? kept : null
}

/**
 * Where it stands when a workspace is opened or its runs change.
 * @param run a run with a verdict and a network, once nothing runs any more; else null
 */
export function settleTour(
  state: TourState | null,
  { hasRuns, run }: { readonly hasRuns: boolean; readonly run: string | null },
): TourState {
  if (state === null) return hasRuns ? 'none' : 'waiting'
  return state === 'waiting' && run !== null ? 'offered' : state
}

/** The state after a step: the last one ends it. */
export function stepOn(state: TourState, by: 1 | -1): TourState {
  const at = typeof state === 'number' ? state + by : 0
  return at < TOUR_STEPS.length ? Math.max(0, at) : 'over'
}
