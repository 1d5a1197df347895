import { cancelled } from '../../../shared/errors'
import { agreement } from '../../services/system/agreement'
import type { ServiceClient } from './arguments/command'
import { usageError } from './arguments/usage-error'
import type { Terminal } from './terminal'

/**
 * Says what an encoder that is a service would be sent and what that costs, and goes on where a person or `--yes` agrees. Says
 * nothing of other encoders, and where all vectors are in the cache. Commands that do not ask are held to it all the same: their
 * encoder refuses more than a few texts.
 */
export async function agreeToCost(
  context: {
    readonly client: ServiceClient
    readonly terminal: Terminal
    readonly signal: AbortSignal
  },
  asked: {
    readonly encoder: string | undefined
    readonly tasks?: string[]
    readonly datasets?: string[]
  },
): Promise<void> {
  const { client, terminal, signal } = context
  const { encoder, tasks, datasets } = asked
  if (encoder === undefined) return
  const cost = await client.models.cost({ encoder, tasks, datasets })
  if (cost === null) return
  if (cost.texts > 0) {
    const { words } = cost
    terminal.err(terminal.json ? `${JSON.stringify({ type: 'cost', ...cost })}\n` : `To be sent: ${words}.\n`)
    if (agreement.given()) return
    if (!terminal.ask) throw usageError('--yes, since nobody can be asked here', words)
    if (!(await terminal.ask('Send them?', signal))) throw cancelled()
  }
  // Cards and examples, which nobody counts, go with the rest.
  agreement.give()
}

/**
 * The same for what a run is made of, all of which it may have sent long ago: where nobody can be asked, what it really sends
 * decides.
 */
export async function agreeToRun(context: Parameters<typeof agreeToCost>[0], id: string): Promise<void> {
  if (!context.terminal.ask) return
  const { encoder, datasets } = await context.client.runs.show({ id })
  await agreeToCost(context, { encoder: encoder.id, datasets: datasets.map((dataset) => dataset.id) })
}
