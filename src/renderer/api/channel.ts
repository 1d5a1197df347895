import type { ClientLink } from '@orpc/client'

/** One live line to a host. */
export interface Channel {
  readonly link: ClientLink<Record<never, never>>
  /** Resolves when the line is gone. */
  readonly closed: Promise<void>
}

/** Opens a line; rejects when the host cannot be reached now. */
export type OpenChannel = () => Promise<Channel>

/** The host answers but does not take this page's key: trying again cannot help. */
export class TokenRefused extends Error {}
