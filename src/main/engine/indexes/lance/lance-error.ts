import { HydraError, toHydraError } from '../../../../shared/errors'
import { engineFailure, type Failure } from '../engine-failure'

/** LanceDB's errors are texts; those of storage name it. */
export function lanceError(error: unknown, uri: string): HydraError {
  if (error instanceof HydraError) return error
  const message = error instanceof Error ? error.message : String(error)
  const failure = (): Failure | null => {
    if (/No space left on device|os error 28\b/.test(message)) return 'full'
    if (/Access ?Denied|Permission denied|403 Forbidden|401 Unauthorized|InvalidAccessKeyId/i.test(message))
      return 'refused'
    if (/error sending request|Connection refused|timed out|dns error/i.test(message)) return 'silent'
    return /not ?found|does not exist/i.test(message) ? 'gone' : null
  }
  const kind = failure()
  const engine = { title: 'LanceDB', where: uri, credential: 'the variables of the storage' }
  return kind ? engineFailure(kind, engine, message.split('\n')[0].slice(0, 300), error) : toHydraError(error)
}
