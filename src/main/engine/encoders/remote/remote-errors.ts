import { HydraError } from '../../../../shared/errors'
import type { RemoteService } from '../../../../shared/schemas/model'

type Place = Pick<RemoteService, 'url' | 'keyEnv'>

/** No answer, or none that could be used, however often it was asked. */
export function unavailable({ url }: Place, expected: string, got: string, cause?: unknown): HydraError {
  return new HydraError(
    'REMOTE_UNAVAILABLE',
    {
      expected,
      got,
      remedy: 'Start the same again later: what came is kept, and only the rest is asked for.',
      where: url,
    },
    { cause },
  )
}

export function refused({ url }: Place, got: string, remedy: string): HydraError {
  return new HydraError('REMOTE_REFUSED', { expected: 'vectors for texts', got, remedy, where: url })
}

/** What the service said to a wrong key is not repeated: some quote it. */
export function wrongKey(place: Place, status: number): HydraError {
  return refused(
    place,
    `status ${status}${place.keyEnv ? '' : ', asked without a key'}`,
    place.keyEnv
      ? `Set ${place.keyEnv}, in the environment or the keychain, to a key that may use this model.`
      : 'Add the model again and name the environment variable that holds its key.',
  )
}

/** @param got what would be sent, at what price */
export function unagreed({ url }: Place, got: string): HydraError {
  return new HydraError('REMOTE_UNAGREED', {
    expected: 'somebody to agree before so many texts are sent',
    got,
    remedy: 'Agree, and start the same again.',
    command: 'hydra COMMAND --yes',
    where: url,
  })
}

export function noKey(place: Place): HydraError {
  return new HydraError('REMOTE_REFUSED', {
    expected: `the key of the service: ${place.keyEnv} in the environment, or in the keychain`,
    got: 'none',
    remedy: 'Set it where the workbench is started, or put it into the keychain, and start again.',
    command: `hydra keys set ${place.keyEnv}`,
    where: place.url,
  })
}

export function ill({ url }: Place, expected: string, got: string): HydraError {
  return new HydraError('REMOTE_ANSWER_INVALID', {
    expected,
    got,
    remedy:
      'Check address, model and dimensions against what the service says of itself. Nothing of this answer was kept.',
    where: url,
  })
}

export function changed({ url }: Place, id: string, got: string): HydraError {
  return new HydraError('ENCODER_CHANGED', {
    expected: 'the vectors that it gave when it was added',
    got,
    remedy: `Vectors of two models do not go together. Bring the former one back, or remove ${id} and add it again: then all is encoded anew.`,
    command: `hydra models remove ${id}`,
    where: url,
  })
}
