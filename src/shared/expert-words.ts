import type { CardExperts } from './schemas/card-experts'

type Expert = CardExperts['experts'][number]

/** What is said of a card's experts, the same in the window and in the terminal. */
export interface ExpertWords {
  /** Which, and how much of each: `aws-commands .82, shared .11`. */
  readonly which: string
  /** How near its cards are to this one, of each that has a share; else of the one that came closest. */
  readonly why: string
  /** The nearest trained card, empty without any. */
  readonly nearest: string
}

/** @internal */
export const NO_EXPERT = 'No expert fits: the frozen encoder'

export function expertWords(card: CardExperts): ExpertWords {
  const { nearest } = card
  const told = toldExperts(card)
  const open = told.filter(({ share }) => share > 0)
  return {
    which: open.length > 0 ? open.map(({ name, share }) => `${name} ${number(share)}`).join(', ') : NO_EXPERT,
    why: told.map(({ name, likeness }) => `${name}: ${likenessWords(likeness)}`).join('; '),
    nearest: nearest ? `${nearest.task} (${likenessWords(nearest)})` : '',
  }
}

/** Those that have a share, or else the one that came closest. */
export function toldExperts({ experts }: CardExperts): Expert[] {
  const open = experts.filter(({ share }) => share > 0)
  return open.length > 0 ? open : experts.toSorted((a, b) => b.gate - a.gate || sum(b) - sum(a)).slice(0, 1)
}

function sum({ likeness }: Expert): number {
  return likeness.text + likeness.corpus
}

function likenessWords({ text, corpus }: Expert['likeness']): string {
  return `text ${number(text)}, corpus ${number(corpus)}`
}

/** `.82`, `−.10` */
function number(value: number): string {
  return value
    .toFixed(2)
    .replace(/^(-?)0\./, '$1.')
    .replace('-', '−')
}
