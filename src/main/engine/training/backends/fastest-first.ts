import { milliseconds } from '../../../../shared/figure-words'
import type { BackendChoice } from '../../../../shared/schemas/run'

/** Milliseconds a step by backend, of one configuration on one machine; what was not measured is not there. */
export type StepTimes = Readonly<Record<string, number>>

/** Why `auto` took what it took. */
export interface WhyChosen {
  readonly choice: BackendChoice
  readonly reason: string
}

/** What was measured, the fastest first, then the others in their order. */
export function fastestFirst<Named extends { readonly name: string }>(
  among: readonly Named[],
  times: StepTimes,
): Named[] {
  const time = ({ name }: Named) => times[name] ?? Number.POSITIVE_INFINITY
  // Not a difference: ∞ − ∞ is no number.
  return [...among].sort((a, b) => (time(a) === time(b) ? 0 : time(a) < time(b) ? -1 : 1))
}

/** @param refused those that were tried before, each with why not */
export function whyChosen(name: string, times: StepTimes, refused: readonly string[]): WhyChosen {
  const others = refused.length > 0 ? ` (${refused.join(', ')})` : ''
  const measured = times[name]
  if (measured === undefined)
    return { choice: 'ordered', reason: refused.length > 0 ? `first that works${others}` : 'first choice' }
  const slower = Object.entries(times)
    .filter(([one, time]) => one !== name && time >= measured)
    .map(([one, time]) => `${one} ${milliseconds(time)}`)
  const beside = slower.length > 0 ? `, ${slower.join(', ')}` : ''
  return {
    choice: 'measured',
    reason: `the fastest here: ${milliseconds(measured)} a step${beside}${others}`,
  }
}
