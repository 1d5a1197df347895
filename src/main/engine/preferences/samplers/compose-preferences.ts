import type { RandomStream } from '../../numeric/random'
import { scoreIn } from '../calibrated-lists'
import { candidateSampler } from '../candidates'
import type { CandidateTargets, PreferenceLists, PreferencePairs, Preferences } from '../preferences'
import type { AskedQuery, PreferenceSampler, SamplerMaterial, SamplerOptions } from './sampler-spec'

/** What one sampler decides; all else is common to them. */
interface SamplingRule {
  /** Documents of the softmax besides the positives, before random ones fill it up. */
  candidates(asked: AskedQuery, random: RandomStream): readonly number[]
  /** Random documents fill the softmax up to the recipe's number. */
  readonly fill: boolean
  /** At most `count` negatives against one positive. */
  negatives(asked: AskedQuery, positive: number, count: number, random: RandomStream): readonly number[]
  /** At most `count` (better, worse) pairs. */
  pairs(
    asked: AskedQuery,
    count: number,
    random: RandomStream,
  ): readonly (readonly [better: number, worse: number])[]
  /** Documents that may be relevant without being judged: no negatives of this query. */
  suspects(asked: AskedQuery): readonly number[]
}

const EMPTY_TARGETS: CandidateTargets = {
  candidates: new Int32Array(0),
  masked: new Int32Array(0),
  targets: new Int32Array(0),
  weights: new Float32Array(0),
}
const EMPTY_PAIRS: PreferencePairs = {
  queries: new Int32Array(0),
  better: new Int32Array(0),
  worse: new Int32Array(0),
  confidence: new Float32Array(0),
  margins: new Float32Array(0),
}
const EMPTY_LISTS: PreferenceLists = { length: 0, documents: new Int32Array(0), scores: new Float32Array(0) }

/** A sampler from its rule. Draws in the order candidates, contrast, pairs, and only what is needed. */
export function composePreferences(
  material: SamplerMaterial,
  options: SamplerOptions,
  rule: SamplingRule,
): PreferenceSampler {
  const { needs } = material
  const softmax = candidateSampler(material.documents, rule.fill ? material.candidates : 0)
  const contrastive = candidateSampler(material.documents, 0)

  function candidates(asked: readonly AskedQuery[], random: RandomStream): CandidateTargets {
    const required = asked.flatMap(({ positives }) => positives)
    for (const query of asked) required.push(...rule.candidates(query, random))
    const drawn = softmax.draw(required, random)
    const targets = asked.map(({ positives, weights }) => ({ positives, weights }))
    const masked = asked.map((query) => [...query.excluded, ...query.judged, ...rule.suspects(query)])
    return softmaxTargets(drawn, softmax.position, targets, masked)
  }

  function contrast(asked: readonly AskedQuery[], random: RandomStream): CandidateTargets {
    const chosen = asked.map((query) => drawPositive(query, random))
    const required = chosen.filter((positive) => positive >= 0)
    asked.forEach((query, q) => {
      if (chosen[q] >= 0) required.push(...rule.negatives(query, chosen[q], options.negatives, random))
    })
    const drawn = contrastive.draw(required, random)
    const targets = chosen.map((positive) =>
      positive >= 0 ? { positives: [positive], weights: [1] } : { positives: [], weights: [] },
    )
    const masked = asked.map((query, q) => {
      const others = query.positives.filter((document) => document !== chosen[q])
      return [...query.excluded, ...query.judged, ...others, ...rule.suspects(query)]
    })
    return softmaxTargets(drawn, contrastive.position, targets, masked)
  }

  return {
    draw(asked, random): Preferences {
      const listwise = needs.has('candidates') ? candidates(asked, random) : EMPTY_TARGETS
      return {
        ...listwise,
        positives: positivesOf(asked),
        contrast: needs.has('contrast') ? contrast(asked, random) : EMPTY_TARGETS,
        pairs: needs.has('pairs') ? pairsOf(asked, options.pairs, rule, random) : EMPTY_PAIRS,
        lists: needs.has('lists') ? listsOf(asked, options.depth) : EMPTY_LISTS,
      }
    },
  }
}

function softmaxTargets(
  candidates: Int32Array,
  position: Int32Array,
  wanted: readonly Pick<AskedQuery, 'positives' | 'weights'>[],
  unwanted: readonly (readonly number[])[],
): CandidateTargets {
  const masked = new Int32Array(2 * lengthOf(unwanted))
  const targets = new Int32Array(2 * lengthOf(wanted.map(({ positives }) => positives)))
  const weights = new Float32Array(targets.length / 2)
  let [m, t] = [0, 0]
  wanted.forEach(({ positives, weights: shares }, q) => {
    for (const document of unwanted[q]) {
      if (position[document] < 0) continue
      masked[2 * m] = q
      masked[2 * m++ + 1] = position[document]
    }
    positives.forEach((document, i) => {
      targets[2 * t] = q
      targets[2 * t + 1] = position[document]
      weights[t++] = shares[i]
    })
  })
  return { candidates, masked: masked.subarray(0, 2 * m), targets, weights }
}

function positivesOf(asked: readonly AskedQuery[]): Preferences['positives'] {
  const count = lengthOf(asked.map(({ positives }) => positives))
  const [queries, documents, weights] = [
    new Int32Array(count),
    new Int32Array(count),
    new Float32Array(count),
  ]
  let p = 0
  asked.forEach(({ positives, weights: shares }, q) => {
    queries.fill(q, p, p + positives.length)
    documents.set(positives, p)
    weights.set(shares, p)
    p += positives.length
  })
  return { queries, documents, weights }
}

function lengthOf(lists: readonly (readonly number[])[]): number {
  return lists.reduce((sum, { length }) => sum + length, 0)
}

function pairsOf(
  asked: readonly AskedQuery[],
  count: number,
  rule: SamplingRule,
  random: RandomStream,
): PreferencePairs {
  const queries: number[] = []
  const better: number[] = []
  const worse: number[] = []
  const confidence: number[] = []
  const margins: number[] = []
  asked.forEach((query, q) => {
    for (const [preferred, other] of rule.pairs(query, count, random)) {
      const { list } = query
      const scored = list !== null && list.documents.length > 0
      const margin = scored ? scoreIn(list, preferred) - scoreIn(list, other) : 0
      queries.push(q)
      better.push(preferred)
      worse.push(other)
      margins.push(margin)
      confidence.push(scored ? list.confidence(margin) : 1)
    }
  })
  return {
    queries: Int32Array.from(queries),
    better: Int32Array.from(better),
    worse: Int32Array.from(worse),
    confidence: Float32Array.from(confidence),
    margins: Float32Array.from(margins),
  }
}

function listsOf(asked: readonly AskedQuery[], length: number): PreferenceLists {
  const documents = new Int32Array(asked.length * length).fill(-1)
  const scores = new Float32Array(asked.length * length)
  asked.forEach(({ list, excluded }, q) => {
    let at = q * length
    list?.documents.forEach((document, place) => {
      if (excluded.includes(document)) return
      documents[at] = document
      scores[at] = list.scores[place]
      at++
    })
  })
  return { length, documents, scores }
}

/** A positive of the query, by the shares of the target mass; −1 where it has none. */
export function drawPositive({ positives, weights }: AskedQuery, random: RandomStream): number {
  if (positives.length === 0) return -1
  let rest = random.next()
  for (let i = 0; i < positives.length; i++) {
    rest -= weights[i]
    if (rest < 0) return positives[i]
  }
  return positives[positives.length - 1]
}

/** Draws of a document that may fail before a corpus counts as having no negatives. */
const MOST_TRIES = 64

/** Different random documents that are not relevant to the query as far as anyone knows; fewer where the corpus has no more. */
export function randomNegatives(
  asked: AskedQuery,
  count: number,
  documents: number,
  avoid: Iterable<number>,
  random: RandomStream,
): number[] {
  const taken = new Set([...asked.positives, ...asked.judged, ...asked.excluded, ...avoid])
  const chosen: number[] = []
  for (let tries = 0; chosen.length < count && tries < MOST_TRIES + count; tries++) {
    const document = random.integer(documents)
    if (taken.has(document)) continue
    taken.add(document)
    chosen.push(document)
  }
  return chosen
}
