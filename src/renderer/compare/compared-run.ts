import type { RunSummary } from '../../shared/schemas/runs/run-summary'
import type { Verdict } from '../../shared/schemas/verdict'
import type { TokenName } from '../display/read-tokens'

/** A run as every part of the page shows it. */
export interface ComparedRun {
  readonly run: RunSummary
  readonly name: string
  readonly token: TokenName
  readonly dashed: boolean
  /** Null: it has none. */
  readonly verdict: Verdict | null
}

/** Its colour as a CSS value. */
export function colorOf({ token }: Pick<ComparedRun, 'token'>): string {
  return `var(--${token})`
}
