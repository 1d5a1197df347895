import { type ErrorDetail, HydraError } from '../../../../shared/errors'

/** A line of a dataset that is not what it should be. */
export function lineError(detail: Omit<ErrorDetail, 'remedy'>, cause?: unknown): HydraError {
  return new HydraError(
    'DATASET_LINE',
    { ...detail, remedy: 'Correct the line, or remove it, and import again.' },
    { cause },
  )
}

/** A line as an error shows it. */
export function shortLine(line: string): string {
  return line.length > 120 ? `${line.slice(0, 119)}…` : line || 'an empty line'
}
