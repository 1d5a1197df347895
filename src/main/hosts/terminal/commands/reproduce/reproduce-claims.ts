import { paused } from '../../../../../shared/errors'
import type { ClaimState } from '../../../../../shared/schemas/runs/claims'
import type { Answer, ServiceClient } from '../../arguments/command'
import { usageError } from '../../arguments/usage-error'
import type { Terminal } from '../../terminal'
import { followSweep } from '../sweep/follow-sweep'
import { claimsText, isMade } from './claims-text'

/**
 * Makes the runs behind the figures of README and docs, those that are not there yet, one claim after another; answers with every
 * figure as it is written and as it came. What lacks its data is passed over. Ctrl-C pauses; the same command goes on.
 * @param only ids of claims, `*` for any characters; empty: all
 */
export async function reproduceClaims(
  context: { client: ServiceClient; terminal: Terminal; signal: AbortSignal },
  { only, trains }: { readonly only: readonly string[]; readonly trains: boolean },
): Promise<Answer> {
  const { client, terminal, signal } = context
  const list = async () => chosen(await client.reproductions.claims(), only)
  for (const claim of trains ? await list() : []) {
    if (claim.missing.length > 0 || isMade(claim)) continue
    if (!terminal.json) terminal.err(`${claim.id}: ${claim.command}\n`)
    const { request, seeds, splitSeeds } = claim
    await followSweep(context, { points: [{ settings: {}, request }], seeds, splitSeeds })
    if (signal.aborted) throw paused()
  }
  const claims = await list()
  const figures = claims.flatMap((claim) => claim.figures)
  const failed = claims.some((claim) => trains && claim.missing.length === 0 && !isMade(claim))
  return {
    json: claims,
    exitCode: failed || figures.some(({ within }) => within === false) ? 1 : 0,
    text: () => claimsText(claims),
  }
}

function chosen(claims: readonly ClaimState[], only: readonly string[]): ClaimState[] {
  if (only.length === 0) return [...claims]
  const unknown = only.find((pattern) => !claims.some(({ id }) => matches(pattern, id)))
  if (unknown !== undefined)
    throw usageError(`ids of claims: ${claims.map(({ id }) => id).join(', ')}`, unknown)
  return claims.filter(({ id }) => only.some((pattern) => matches(pattern, id)))
}

function matches(pattern: string, id: string): boolean {
  const [head, ...rest] = pattern.split('*')
  return rest.length === 0 ? id === head : id.startsWith(head) && id.endsWith(rest[rest.length - 1])
}
