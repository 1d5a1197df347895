import { createHash } from 'node:crypto'

/**
 * A seeded stream of random numbers: sfc32 (Doty-Humphrey's small fast counter generator, 128 bits of state).
 * Each use takes its own stream, `randomStream(seed, 'split')`, so that drawing more in one place moves nothing in another.
 */
export interface RandomStream {
  /** Uniform in [0, 1), 32 bits. */
  next(): number
  /** Uniform integer in [0, bound). */
  integer(bound: number): number
  /** Standard normal (Box–Muller). */
  normal(): number
  /** The four 32-bit words of state, so that a checkpoint can go on where it stopped. */
  state(): [number, number, number, number]
}

export function randomStream(seed: number, name: string): RandomStream {
  const digest = createHash('sha256').update(`${seed}/${name}`).digest()
  const words = [0, 4, 8, 12].map((offset) => digest.readInt32LE(offset)) as [number, number, number, number]
  return streamFrom(words)
}

export function streamFrom(words: [number, number, number, number]): RandomStream {
  let [a, b, c, counter] = words
  function word(): number {
    const t = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + t) | 0
    return t >>> 0
  }
  const next = () => word() / 4294967296
  return {
    next,
    integer: (bound) => Math.floor(next() * bound),
    normal() {
      // 1 − u avoids log(0)
      return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
    },
    state: () => [a, b, c, counter],
  }
}

/** A new array in random order (Fisher–Yates). */
export function shuffled<T>(items: ArrayLike<T>, random: RandomStream): T[] {
  const out = Array.from(items)
  for (let i = out.length - 1; i > 0; i--) {
    const j = random.integer(i + 1)
    const kept = out[i]
    out[i] = out[j]
    out[j] = kept
  }
  return out
}

/** `count` different indices of [0, bound), in random order (Floyd's method for few, a shuffle for many). */
export function sampleIndices(bound: number, count: number, random: RandomStream): number[] {
  if (count >= bound)
    return shuffled(
      Array.from({ length: bound }, (_, i) => i),
      random,
    )
  if (count * 4 > bound)
    return shuffled(
      Array.from({ length: bound }, (_, i) => i),
      random,
    ).slice(0, count)
  const chosen = new Set<number>()
  while (chosen.size < count) chosen.add(random.integer(bound))
  return [...chosen]
}

/**
 * First 8 hex digits of sha1(seed + id): the published rule for drawing by id (docs/method.md#protocol), independent of file
 * order.
 */
export function idHash(seed: number | string, id: string): string {
  return createHash('sha1').update(`${seed}${id}`).digest('hex')
}
