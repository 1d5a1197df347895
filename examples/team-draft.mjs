// Interleaves two rankings, with Node alone: copy this file into a service that tries a head beside what it has.

/**
 * Team-draft interleaving (Radlinski, Kurup and Joachims, CIKM 2008): in each round a coin says who picks first, and each side
 * adds its best document that is not there yet. So either has the same chance of being seen, whatever a person looks at first.
 *
 * @param {readonly string[]} a ids, best first
 * @param {readonly string[]} b ids, best first
 * @param {number} k how many are shown
 * @param {() => number} random uniform in [0, 1)
 * @returns {string[]} at most k ids, none twice
 */
export function teamDraft(a, b, k, random = Math.random) {
  const shown = new Set()
  const pick = (ranking) => {
    const next = ranking.find((id) => !shown.has(id))
    if (next !== undefined && shown.size < k) shown.add(next)
  }
  for (let before = -1; shown.size > before && shown.size < k; ) {
    before = shown.size
    for (const ranking of random() < 0.5 ? [a, b] : [b, a]) pick(ranking)
  }
  return [...shown]
}
