import { cancelled } from '../../../shared/errors'
import type { OptionSpec, ServiceClient } from './arguments/command'
import { usageError } from './arguments/usage-error'
import type { Terminal } from './terminal'

export const YES = {
  description: 'send the texts to the service that the encoder is, unasked',
} as const satisfies OptionSpec

/**
 * Says what an encoder that is a service would be sent and what that costs, and goes on where a person or `--yes` agrees. Says
 * nothing of other encoders, and where all vectors are in the cache.
 */
export async function agreeToCost(
  context: { readonly client: ServiceClient; readonly terminal: Terminal; readonly signal: AbortSignal },
  asked: {
    readonly encoder: string | undefined
    readonly tasks?: string[]
    readonly datasets?: string[]
    readonly yes: boolean | undefined
  },
): Promise<void> {
  const { client, terminal, signal } = context
  const { encoder, tasks, datasets, yes } = asked
  if (encoder === undefined) return
  const cost = await client.models.cost({ encoder, tasks, datasets })
  if (cost === null || cost.texts === 0) return
  const { words } = cost
  terminal.err(terminal.json ? `${JSON.stringify({ type: 'cost', ...cost })}\n` : `To be sent: ${words}.\n`)
  if (yes) return
  if (!terminal.ask) throw usageError('--yes, since nobody can be asked here', words)
  if (!(await terminal.ask('Send them?', signal))) throw cancelled()
}
