import { randomStream } from '../numeric/random'

/** Texts that each export is held against. */
const PROBES = 64
/** Never another: certificates of different exports then speak of the same texts. */
export const PROBE_SEED = 64
const MOST_WORDS = 40

/** Words, names, numbers and signs of several scripts: what people type. */
const WORDS =
  'harbour oak river instrument wedding protein kinase inhibits expression statute tenant lease refund invoice error segfault ' +
  'mutex async select join café naïve Zürich Ελλάδα москва 東京 検索 서울 مرحبا שלום हिन्दी 2 1984 3.14 -40 °C € § & C++ .NET ' +
  'what is the of in how why does not without and for between near “quoted” (in brackets) e.g. https://example.org/a?b=c 🌊'

/**
 * 64 texts of 1 to 40 words drawn from a fixed list: the same for every run, so that an export can be held against the engine
 * wherever it is, on short queries and on long ones, and on what tokenizers stumble over.
 */
export function probeTexts(): string[] {
  const words = WORDS.split(' ')
  const random = randomStream(PROBE_SEED, 'probe texts')
  return Array.from({ length: PROBES }, (_, i) =>
    Array.from({ length: 1 + (i % MOST_WORDS) }, () => words[random.integer(words.length)]).join(' '),
  )
}
