import { HydraError } from '../../../shared/errors'

/** A command line that is not understood: exit code 2, with the usage of the command. */
export function usageError(expected: string, got: string, remedy = 'See the usage below.'): HydraError {
  return new HydraError('USAGE', { expected, got, remedy })
}
