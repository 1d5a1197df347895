import { describe, expect, it } from 'vitest'
import { randomStream } from '../../../../src/main/engine/numeric/random'
import { standardList } from '../../../../src/main/engine/preferences/calibrated-lists'
import type { CandidateTargets, PreferenceKind } from '../../../../src/main/engine/preferences/preferences'
import { samplers } from '../../../../src/main/engine/preferences/samplers'
import type { AskedQuery } from '../../../../src/main/engine/preferences/samplers/sampler-spec'
import { parseOptions } from '../../../../src/main/engine/registry/registry'
import type { Ranking } from '../../../../src/main/engine/retrieval/corpus-index'

const DOCUMENTS = 200
const ALL: readonly PreferenceKind[] = ['candidates', 'contrast', 'pairs', 'lists']

function open(
  name: string,
  options: Record<string, unknown> = {},
  needs: readonly PreferenceKind[] = ALL,
  documents = DOCUMENTS,
) {
  const spec = samplers.find((sampler) => sampler.name === name)!
  return spec.create(
    { documents, candidates: 50, needs: new Set(needs) },
    parseOptions('sampler', spec, options),
  )
}

/** Documents 0, 1, 2 … with scores that fall by 1, but for those given. */
function ranking(length: number, scores: Record<number, number> = {}): Ranking {
  const order = Array.from({ length }, (_, d) => ({ d, score: scores[d] ?? length - d }))
  order.sort((a, b) => b.score - a.score || a.d - b.d)
  return {
    documents: Int32Array.from(order, ({ d }) => d),
    scores: Float32Array.from(order, ({ score }) => score),
  }
}

function ask(part: Partial<AskedQuery> = {}): AskedQuery {
  return { query: 0, positives: [7], weights: [1], judged: [], excluded: [], list: null, ...part }
}
const listed = (made: Ranking) => standardList(made, 100, { kind: 'logistic', slope: 1, pairs: 100 })

/** Candidates of each query that it sees and is not to choose. */
function negatives({ candidates, masked, targets }: CandidateTargets, query: number): Set<number> {
  const left = new Set(candidates)
  for (const pairs of [masked, targets])
    for (let i = 0; i < pairs.length; i += 2) if (pairs[i] === query) left.delete(candidates[pairs[i + 1]])
  return left
}

describe.each(['uniform', 'hard', 'original'])('the sampler %s', (name) => {
  const asked = [
    ask({ list: listed(ranking(100)), positives: [0], judged: [30, 31], excluded: [40] }),
    ask({ query: 1, positives: [5, 9], weights: [0.25, 0.75], list: listed(ranking(60)), excluded: [41] }),
    ask({ query: 2, positives: [], weights: [], list: listed(ranking(1)) }),
  ]

  it('is the same for the same seed and another for another', () => {
    const draw = (seed: number) => {
      const random = randomStream(seed, 'sampling')
      const sampler = open(name)
      return [sampler.draw(asked, random), sampler.draw(asked, random)]
    }
    expect(draw(1)).toEqual(draw(1))
    expect(draw(1)).not.toEqual(draw(2))
  })

  it('never takes what is to be found, judged or excluded for a negative of a softmax', () => {
    const random = randomStream(5, 'sampling')
    const sampler = open(name)
    for (let step = 0; step < 50; step++) {
      const { contrast, ...softmax } = sampler.draw(asked, random)
      for (const part of [softmax, contrast]) {
        asked.forEach(({ positives, judged, excluded }, q) => {
          const found = negatives(part, q)
          for (const document of [...positives, ...judged, ...excluded])
            expect(found.has(document), `${document} of query ${q}`).toBe(false)
        })
        expect(new Set(part.candidates).size).toBe(part.candidates.length)
      }
      expect([...contrast.weights]).toEqual([1, 1])
    }
  })

  it('draws nothing but what some loss needs', () => {
    const random = randomStream(1, 'sampling')
    const before = random.state()
    const made = open(name, {}, []).draw(asked, random)
    expect(random.state()).toEqual(before)
    expect(made.candidates).toHaveLength(0)
    expect(made.pairs.queries).toHaveLength(0)
    expect([...made.positives.documents]).toEqual([0, 5, 9])
  })

  it('hands the teacher’s list on, standardised, without what is excluded', () => {
    const { lists } = open(name, { depth: 100 }).draw(asked, randomStream(1, 's'))
    const own = Array.from(lists.documents.subarray(0, 100))
    expect(own.filter((document) => document >= 0)).toHaveLength(99)
    expect(own).not.toContain(40)
    expect(lists.scores[0]).toBeGreaterThan(1.5)
    expect([...lists.documents.subarray(200)].filter((document) => document >= 0)).toEqual([0])
  })

  it('manages with a corpus of one document', () => {
    const only = [ask({ positives: [0], list: listed(ranking(1)) })]
    const made = open(name, {}, ALL, 1).draw(only, randomStream(1, 's'))
    expect([...made.candidates]).toEqual([0])
    expect(made.pairs.queries).toHaveLength(0)
    expect([...made.contrast.candidates]).toEqual([0])
  })
})

describe('hard negatives', () => {
  // Document 7 is judged; 3 is nearly the same text, so the teacher scores it nearly the same; nobody judged it.
  const twin = ranking(100, { 7: 120, 3: 119.5 })
  const asked = [ask({ list: listed(twin) })]

  it('never set a near-duplicate of the positive against it, however often they are drawn', () => {
    const random = randomStream(1, 'sampling')
    const guarded = open('hard', { share: 1 })
    const unguarded = open('hard', { share: 1, margin: 0 })
    let met = 0
    for (let step = 0; step < 100; step++) {
      const { pairs, contrast } = guarded.draw(asked, random)
      expect([...pairs.better]).toEqual(Array(16).fill(7))
      expect([...pairs.worse]).not.toContain(3)
      expect([...contrast.candidates]).not.toContain(3)
      met += unguarded.draw(asked, random).pairs.worse.includes(3) ? 1 : 0
    }
    // The guard it is that keeps the twin out.
    expect(met).toBeGreaterThan(30)
  })

  it('leave the near-duplicate out of the whole softmax on request', () => {
    const draw = (mask: boolean) => {
      const everything = open('hard', { mask }, ['candidates'], 50)
      const short = [ask({ list: listed(ranking(40, { 7: 120, 3: 119.5 })) })]
      return negatives(everything.draw(short, randomStream(1, 's')), 0)
    }
    expect(draw(false).has(3)).toBe(true)
    expect(draw(true).has(3)).toBe(false)
    expect(draw(true).size).toBe(48)
  })

  it('are the hardest that the teacher lists, in the share asked for', () => {
    const { pairs } = open('hard', { share: 0.5, hardest: 10 }).draw(asked, randomStream(2, 's'))
    const below = twin.documents.filter((d) => d !== 7 && d !== 3)
    const mined = [...pairs.worse].filter((document) => below.indexOf(document) < 60 && document < 100)
    expect(pairs.worse).toHaveLength(16)
    expect(mined.length).toBeGreaterThanOrEqual(8)
    const hardest = open('hard', { share: 1, hardest: 10 }).draw(asked, randomStream(2, 's')).pairs.worse
    const places = [...hardest].slice(0, 10).map((document) => twin.documents.indexOf(document))
    expect(Math.max(...places) - Math.min(...places)).toBe(9)
    expect(twin.scores[Math.min(...places)]).toBeLessThan(110)
  })

  it('are random and unlisted where the teacher did not find the positive at all', () => {
    const missed = [ask({ positives: [150], list: listed(ranking(100)) })]
    const { worse } = open('hard', { share: 1 }).draw(missed, randomStream(1, 's')).pairs
    expect(worse.length).toBe(16)
    for (const document of worse) expect(document).toBeGreaterThanOrEqual(100)
  })
})

describe('the original’s preferences', () => {
  const asked = [ask({ positives: [0], list: listed(ranking(100)) })]

  it('set the best against ranks 5 to 20 and the bottom half, half and half', () => {
    const random = randomStream(1, 'sampling')
    const sampler = open('original', {}, ['pairs'])
    const seen = new Set<number>()
    for (let step = 0; step < 200; step++) {
      const { better, worse, confidence } = sampler.draw(asked, random).pairs
      expect(worse).toHaveLength(16)
      worse.forEach((document, i) => {
        const rank = document + 1
        if (i < 8) expect(rank >= 5 && rank <= 20, `rank ${rank}`).toBe(true)
        else expect(rank).toBeGreaterThan(50)
        expect(better[i] + 1).toBeLessThan(5)
        seen.add(rank)
      })
      // The larger the margin, the surer: no two kinds of pairs weigh the same.
      expect(Math.min(...confidence.subarray(8))).toBeGreaterThan(Math.max(...confidence.subarray(0, 8)))
    }
    for (let rank = 5; rank <= 20; rank++) expect(seen.has(rank), `rank ${rank}`).toBe(true)
    expect(seen.has(51) && seen.has(100)).toBe(true)
  })

  it('takes the whole lists of the step as candidates, and makes do with a short one', () => {
    const two = [...asked, ask({ positives: [7], list: listed(ranking(3)) })]
    const { candidates, pairs } = open('original').draw(two, randomStream(1, 's'))
    expect([...candidates].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, d) => d))
    const short = [...pairs.queries.keys()].filter((p) => pairs.queries[p] === 1)
    expect(short).toHaveLength(16)
    for (const p of short) expect(pairs.better[p]).toBeLessThan(pairs.worse[p])
  })
})

describe('uniform negatives', () => {
  it('fill the softmax up to the recipe’s number, or the whole corpus', () => {
    const { candidates } = open('uniform').draw([ask()], randomStream(1, 's'))
    expect(candidates).toHaveLength(50)
    expect(candidates[0]).toBe(7)
    expect(open('uniform', {}, ALL, 20).draw([ask()], randomStream(1, 's')).candidates).toHaveLength(20)
  })

  it('draw the positives of pairs by their shares of the target', () => {
    const random = randomStream(1, 'sampling')
    const sampler = open('uniform', { pairs: 100 }, ['pairs'])
    const query = ask({ positives: [5, 9], weights: [0.25, 0.75] })
    const drawn = Array.from({ length: 20 }, () => [...sampler.draw([query], random).pairs.better]).flat()
    const share = drawn.filter((document) => document === 9).length / drawn.length
    expect(share).toBeGreaterThan(0.7)
    expect(share).toBeLessThan(0.8)
  })
})
