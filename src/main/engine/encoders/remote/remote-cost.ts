import type { RemoteCost } from '../../../../shared/schemas/model'
import type { TextRole } from '../encoder'
import type { RemoteModel } from './remote-model'
import { type RemoteRecord, serviceName } from './remote-record'

/** Bytes of UTF-8 that a token has about: four letters of English, a little more than one ideograph. */
const BYTES_PER_TOKEN = 4

/** About as many tokens as the service would read of a text of this role. */
export function estimateTokens({ prefixes, record }: RemoteModel, text: string, role: TextRole): number {
  return tokensOf(record, prefixes[role] + text)
}

/** The same of a text with its prefix. */
export function tokensOf({ longest }: Pick<RemoteRecord, 'longest'>, sent: string): number {
  return Math.ceil(Buffer.byteLength(longest === null ? sent : sent.slice(0, longest)) / BYTES_PER_TOKEN)
}

/** What so many texts of so many tokens would take. */
export function remoteCost({ record }: RemoteModel, texts: number, tokens: number): RemoteCost {
  const price = record.price === null ? null : (tokens / 1e6) * record.price
  const cost = { service: serviceName(record), texts, tokens, price }
  return { ...cost, words: costWords(cost) }
}

/** What encoding by a service would take, for whoever decides. */
function costWords({ service, texts, tokens, price }: Omit<RemoteCost, 'words'>): string {
  const of = (count: number, noun: string) => `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`
  const rounded = (value: number) =>
    Number(value.toPrecision(2)).toLocaleString('en', { maximumFractionDigits: 8 })
  const paid = price === null ? 'no price is stated' : `about ${rounded(price)} at the stated price`
  return `${of(texts, 'text')} to ${service}, about ${of(tokens, 'token')}, ${paid}`
}
