import { HydraError } from '../../../shared/errors'

/** What an engine's own error means for whoever called. */
export type Failure = 'full' | 'gone' | 'width' | 'silent' | 'refused'

/** The engine whose error it is: its name, where it is, and what lets one in. */
export interface FailedEngine {
  readonly title: string
  readonly where: string
  /** As the environment has it: PGPASSWORD. */
  readonly credential: string
}

/** An engine's error as one of ours. @param got in the engine's words */
export function engineFailure(
  failure: Failure,
  { title, where, credential }: FailedEngine,
  got: string,
  cause: unknown,
): HydraError {
  const detail = { got, where }
  const because = { cause }
  switch (failure) {
    case 'full':
      return new HydraError(
        'DISK_FULL',
        {
          expected: `room where ${title} writes`,
          remedy: 'Free some space there, then push again: only what is missing is sent.',
          ...detail,
        },
        because,
      )
    case 'gone':
      return new HydraError(
        'INDEX_UNKNOWN',
        {
          expected: `what a push has made in ${title}`,
          remedy: 'It was deleted there: drop the index, then push its collection again.',
          command: 'hydra index drop NAME',
          ...detail,
        },
        because,
      )
    case 'width':
      return new HydraError(
        'INDEX_MISMATCH',
        {
          expected: 'vectors of the width of the index',
          remedy: 'Drop the index, or push under another name. Nothing was changed.',
          command: 'hydra index drop NAME',
          ...detail,
        },
        because,
      )
    case 'silent':
      return new HydraError(
        'INDEX_UNREACHABLE',
        {
          expected: `${title} to answer`,
          remedy: 'Check the address and that it runs, then do the same again: a push goes on where it was.',
          ...detail,
        },
        because,
      )
    case 'refused':
      return new HydraError(
        'INDEX_REFUSED',
        {
          expected: `${title} to do what it was asked`,
          remedy: `Check who asks (${credential}), what they may do there, and the options of the engine.`,
          ...detail,
        },
        because,
      )
  }
}
