import type { Lengths } from '../../../../shared/schemas/browsing'

/** Bars of a histogram, about. */
const BARS = 30
const ROUND = [1, 2, 5]

/** Counts lengths of texts; what it keeps grows with the longest text and not with their number. */
export function lengthCounter() {
  const counts: number[] = []
  return {
    add(length: number): void {
      while (counts.length <= length) counts.push(0)
      counts[length]++
    },
    summary: (): Lengths => summarise(counts),
  }
}

/** @param counts how many texts have each length */
function summarise(counts: readonly number[]): Lengths {
  const texts = counts.reduce((sum, count) => sum + count, 0)
  const total = counts.reduce((sum, count, length) => sum + count * length, 0)
  const quantile = (share: number) => {
    let seen = 0
    const length = counts.findIndex((count) => {
      seen += count
      return seen >= share * texts
    })
    return Math.max(0, length)
  }
  return {
    texts,
    empty: counts[0] ?? 0,
    mean: texts > 0 ? total / texts : 0,
    median: quantile(0.5),
    p95: quantile(0.95),
    longest: Math.max(0, counts.length - 1),
    bins: binsOf(counts, quantile(0.99)),
  }
}

/** Bars of one round width up to where nearly all texts are; the last one is open and takes the rest. */
function binsOf(counts: readonly number[], usual: number): Lengths['bins'] {
  const width = roundWidth((usual + 1) / BARS)
  const bars = Math.max(1, Math.ceil((usual + 1) / width))
  const bins = Array.from({ length: bars }, (_, bar) => ({
    from: bar * width,
    to: (bar + 1) * width,
    count: 0,
  }))
  counts.forEach((count, length) => {
    bins[Math.min(bars - 1, Math.floor(length / width))].count += count
  })
  const last = bins[bars - 1]
  last.to = Math.max(last.to, counts.length)
  return bins
}

/** The least of 1, 2, 5, 10, 20 … that is no less. */
function roundWidth(least: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(least)))
  return (ROUND.find((step) => step * unit >= least) ?? 10) * unit
}

/** Stretches between white space; in scripts that write none between words, that is no count of words. */
export function countWords(text: string): number {
  let words = 0
  for (const _ of text.matchAll(/\S+/g)) words++
  return words
}
