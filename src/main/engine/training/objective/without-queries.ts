import type { CandidateTargets, Preferences } from '../../preferences/preferences'

/** Preferences of a step in which some queries teach nothing; their rows stay, so that the others keep their numbers. */
export function withoutQueries(preferences: Preferences, gone: (query: number) => boolean): Preferences {
  const { positives, pairs, lists } = preferences
  const keptPositives = placesWhere(positives.queries, gone)
  const keptPairs = placesWhere(pairs.queries, gone)
  return {
    ...softmaxWithout(preferences, gone),
    contrast: softmaxWithout(preferences.contrast, gone),
    positives: {
      queries: pick(positives.queries, keptPositives),
      documents: pick(positives.documents, keptPositives),
      weights: pick(positives.weights, keptPositives),
    },
    pairs: {
      queries: pick(pairs.queries, keptPairs),
      better: pick(pairs.better, keptPairs),
      worse: pick(pairs.worse, keptPairs),
      confidence: pick(pairs.confidence, keptPairs),
      margins: pick(pairs.margins, keptPairs),
    },
    lists: {
      ...lists,
      documents: lists.documents.map((document, i) => (gone(Math.floor(i / lists.length)) ? -1 : document)),
    },
  }
}

function softmaxWithout(
  { candidates, masked, targets, weights }: CandidateTargets,
  gone: (query: number) => boolean,
): CandidateTargets {
  const kept: number[] = []
  for (let t = 0; t < weights.length; t++) if (!gone(targets[2 * t])) kept.push(t)
  const flat = kept.flatMap((t) => [targets[2 * t], targets[2 * t + 1]])
  return { candidates, masked, targets: Int32Array.from(flat), weights: pick(weights, kept) }
}

function placesWhere(queries: Int32Array, gone: (query: number) => boolean): number[] {
  const kept: number[] = []
  queries.forEach((query, place) => {
    if (!gone(query)) kept.push(place)
  })
  return kept
}

function pick<A extends Int32Array | Float32Array>(values: A, places: readonly number[]): A {
  const out = values.slice(0, places.length) as A
  places.forEach((place, i) => {
    out[i] = values[place]
  })
  return out
}
