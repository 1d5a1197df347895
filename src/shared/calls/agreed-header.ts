/** Beside a call of the window: a person saw what a service that encodes will be sent for it, at what price, and agreed. */
export const AGREED_HEADER = 'hydra-agreed'
