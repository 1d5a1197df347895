import type { ClientLink, ClientOptions } from '@orpc/client'
import { AGREED_HEADER } from '../../shared/calls/agreed-header'

/** What a call says beside its arguments. */
export interface CallContext {
  /** A person saw what a service that encodes will be sent for it, and agreed. */
  readonly agreed?: boolean
}

/** How each line carries that. */
export const callHeaders = {
  headers: ({ context }: ClientOptions<CallContext>) => (context.agreed ? { [AGREED_HEADER]: 'yes' } : {}),
}

/** One live line to a host. */
export interface Channel {
  readonly link: ClientLink<CallContext>
  /** Resolves when the line is gone. */
  readonly closed: Promise<void>
}

/** Opens a line; rejects when the host cannot be reached now. */
export type OpenChannel = () => Promise<Channel>

/** The host answers but does not take this page's key: trying again cannot help. */
export class TokenRefused extends Error {}
