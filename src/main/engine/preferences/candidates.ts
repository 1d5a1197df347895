import type { RandomStream } from '../numeric/random'

/**
 * The documents over which one step's softmax runs: every relevant document of the step first, then random others.
 * `position[document]` is the place of a document among the candidates, −1 where it is none; valid until the next draw.
 */
export interface CandidateSampler {
  draw(required: Iterable<number>, random: RandomStream): Int32Array
  readonly position: Int32Array
}

export function candidateSampler(documents: number, size: number): CandidateSampler {
  const position = new Int32Array(documents).fill(-1)
  const count = Math.min(size, documents)
  let drawn = new Int32Array(0)
  return {
    position,
    draw(required, random) {
      for (const document of drawn) position[document] = -1
      const chosen: number[] = []
      for (const document of required) {
        if (position[document] >= 0) continue
        position[document] = chosen.length
        chosen.push(document)
      }
      if (count === documents) {
        for (let document = 0; document < documents; document++) {
          if (position[document] >= 0) continue
          position[document] = chosen.length
          chosen.push(document)
        }
      } else {
        while (chosen.length < count) {
          const document = random.integer(documents)
          if (position[document] >= 0) continue
          position[document] = chosen.length
          chosen.push(document)
        }
      }
      drawn = Int32Array.from(chosen)
      return drawn
    },
  }
}
