import { AsyncLocalStorage } from 'node:async_hooks'

/**
 * Texts that one request may send to a service that encodes though nobody agreed: a query, a card, its examples. A request to the
 * service holds as many.
 */
const MOST_UNASKED = 128

/** On behalf of whom texts are sent: of one command, or of one call of the window. */
interface Sending {
  agreed: boolean
  unasked: number
}

/**
 * It travels with what is asked, beside the arguments: from a host through services and job queue, with the start of every
 * operation into its process, and on to those that it starts. Who forgets it has agreed to nothing.
 */
const sendings = new AsyncLocalStorage<Sending>()

/** Does the work of whoever agreed, or did not, that texts are sent to a service for it. */
export function sendingFor<T>(agreed: boolean, work: () => T): T {
  return sendings.run({ agreed, unasked: 0 }, work)
}

/** From here on whoever asked has agreed. */
export function agreeToSend(): void {
  const sending = sendings.getStore()
  if (sending) sending.agreed = true
}

export function agreedToSend(): boolean {
  return sendings.getStore()?.agreed === true
}

/** Whether so many texts more may be sent. */
export function maySend(texts: number): boolean {
  const sending = sendings.getStore()
  if (!sending) return texts <= MOST_UNASKED
  if (sending.agreed) return true
  sending.unasked += texts
  return sending.unasked <= MOST_UNASKED
}
