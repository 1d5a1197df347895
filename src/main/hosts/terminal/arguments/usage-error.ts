import { HydraError } from '../../../../shared/errors'

/** A command line that is not understood: exit code 2, and a line that names the help of the command. */
export function usageError(
  expected: string,
  got: string,
  remedy = 'Correct it; the help of the command says what it takes.',
): HydraError {
  return new HydraError('USAGE', { expected, got, remedy })
}
