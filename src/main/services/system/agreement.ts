import { agreedToSend, agreeToSend, sendingFor } from '../../jobs/processes/sending'

/**
 * Whether whoever calls services agreed that texts are sent to a service that encodes, as far as their work goes: without it an
 * encoder that is one refuses more than a few texts.
 */
export const agreement = { of: sendingFor, given: agreedToSend, give: agreeToSend } as const
