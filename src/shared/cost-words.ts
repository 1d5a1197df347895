import type { RemoteCost } from './schemas/model'

/** What encoding by a service would take, for whoever decides. */
export function costWords({ service, texts, tokens, price }: RemoteCost): string {
  const of = (count: number, noun: string) => `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`
  const rounded = (value: number) =>
    Number(value.toPrecision(2)).toLocaleString('en', { maximumFractionDigits: 8 })
  const paid = price === null ? 'no price is stated' : `about ${rounded(price)} at the stated price`
  return `${of(texts, 'text')} to ${service}, about ${of(tokens, 'token')}, ${paid}`
}
