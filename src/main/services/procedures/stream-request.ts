import type { Progress } from '../../../shared/schemas/job'
import type { OperationSession } from '../../jobs/processes/operation-session'
import type { OperationInput, OperationOutput, SessionOperationName } from '../../pipeline/operation'
import { asContractError } from './contract-error'

export type StreamedRequest<Output> =
  | { type: 'progress'; progress: Progress }
  | { type: 'done'; output: Output }

/**
 * A request of the session as a stream: how far it is, the latest only where the reader is slower, and in the end what it gave. Who
 * stops reading cancels it.
 */
export async function* streamRequest<Name extends SessionOperationName>(
  session: Pick<OperationSession, 'request'>,
  name: Name,
  input: OperationInput<Name>,
  signal: AbortSignal | undefined,
): AsyncGenerator<StreamedRequest<OperationOutput<Name>>, void, void> {
  const left = new AbortController()
  let latest: Progress | null = null
  let ended = false
  let wake = () => {}
  const end = () => {
    ended = true
    wake()
  }
  const request = session.request(
    name,
    input,
    signal ? AbortSignal.any([signal, left.signal]) : left.signal,
    (event) => {
      if (event.type !== 'progress') return
      latest = event.progress
      wake()
    },
  )
  request.then(end, end)
  try {
    while (!ended) {
      if (latest) {
        const progress = latest
        latest = null
        yield { type: 'progress', progress }
      } else
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
    yield { type: 'done', output: await request }
  } catch (thrown) {
    // What is thrown within a stream passes no middleware.
    throw asContractError(thrown, name)
  } finally {
    left.abort()
  }
}
