import { HydraError } from '../../../shared/errors'
import { DEFAULT_ENDPOINT, type Hub } from '../../engine/encoders/adding/hub'
import { type Environment, fetchThrough } from '../fetch-through'

/**
 * The hub as the environment describes it: HF_ENDPOINT for a mirror, HF_TOKEN for models that need one, and the usual proxy
 * variables (NO_PROXY too), which Node's own fetch does not read.
 */
export async function hubAccess(environment: Environment): Promise<Hub> {
  const endpoint = (environment.HF_ENDPOINT || DEFAULT_ENDPOINT).replace(/\/+$/, '')
  if (!/^https?:\/\/[^/]/.test(endpoint) || !URL.canParse(endpoint)) throw noEndpoint()
  return {
    endpoint,
    token: environment.HF_TOKEN || environment.HUGGING_FACE_HUB_TOKEN || undefined,
    fetch: await fetchThrough(environment),
  }
}

/** What was set is not repeated: an address may hold a password. */
function noEndpoint(): HydraError {
  return new HydraError('USAGE', {
    expected: 'HF_ENDPOINT as the address of a hub, such as https://huggingface.co',
    got: 'something that is none',
    remedy: 'Correct it, or unset it for the hub itself.',
  })
}
