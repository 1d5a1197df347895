import type { ServiceClient } from '../../src/main/hosts/terminal/arguments/command'
import type { PlaygroundRequest } from '../../src/shared/schemas/playground'

/** What a person types, a key at a time, and how long each new ranking takes, ms. */
export interface TypedKeys {
  readonly query: readonly number[]
  readonly card: readonly number[]
}

const QUERY = 'a wedding dance with a band'
const DESCRIPTION = 'find the musical instrument that is played'

/** Types a query on a fixed card, then a card's description under the query, as the playground asks for every key. */
export async function typeKeys(
  client: Pick<ServiceClient, 'playground'>,
  asked: Pick<PlaygroundRequest, 'run' | 'dataset' | 'systems'>,
): Promise<TypedKeys> {
  const rank = async (query: string, description: string) => {
    const begun = performance.now()
    await client.playground.rank({ ...asked, query, card: { describe: description }, k: 10 })
    return performance.now() - begun
  }
  const beginnings = (text: string) =>
    Array.from({ length: text.length }, (_, i) => text.slice(0, i + 1)).filter((part) => !part.endsWith(' '))
  // Opens model, corpus and network: what a person waits for once.
  await rank(QUERY, DESCRIPTION)
  const query: number[] = []
  for (const part of beginnings(QUERY)) query.push(await rank(part, DESCRIPTION))
  const card: number[] = []
  for (const part of beginnings(DESCRIPTION)) card.push(await rank(QUERY, part))
  return { query, card }
}

/** The value below which this share of them lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]
}
