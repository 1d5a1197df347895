import type { IndexAnswer } from '../../../shared/schemas/indexes'
import { alignTable } from './align-table'

/** Frozen beside the head's ranking, each hit of the latter with where it stood. */
export function indexTable(query: string, answer: IndexAnswer): string {
  const { name, engine, manifest, frozen, conditioned, handedOut, bm25, milliseconds } = answer
  const title = `“${query}” in ${name} (${engine}, generation ${manifest.generation}), searched in ${milliseconds.search.toFixed(1)} ms`
  if (!conditioned) {
    const rows = frozen.map(({ id, score }, place) => [String(place + 1), score.toFixed(3), id])
    return [title, '', alignTable([{ title: '' }, { title: 'score' }, { title: 'frozen' }], rows)].join('\n')
  }
  const placeOf = new Map(frozen.map(({ id }, place) => [id, place + 1]))
  const rows = Array.from({ length: Math.max(frozen.length, conditioned.length) }, (_, place) => {
    const left = frozen.at(place)
    const right = conditioned.at(place)
    return [
      String(place + 1),
      left?.score.toFixed(3) ?? '',
      left?.id ?? '',
      right?.score.toFixed(3) ?? '',
      right?.id ?? '',
      right ? String(placeOf.get(right.id) ?? '') : '',
    ]
  })
  const beside =
    bm25 === null
      ? []
      : [`BM25 in a share of ${bm25} belongs beside this head; an index of vectors has none.`]
  const titles = ['', 'score', 'frozen', 'score', 'through the head', 'frozen place'].map((one) => ({
    title: one,
  }))
  return [title, ...(handedOut ? [handedOut] : []), ...beside, '', alignTable(titles, rows)].join('\n')
}
