import type { Judgments } from './collection'

/**
 * Collects judgments in any order of lines and packs them by card and query; queries keep the order in which they first
 * came. Flat arrays, since a hundred thousand small ones keep the garbage collector busier than the reading takes.
 */
export class JudgmentTable {
  #size = 0
  #documents = new Int32Array(1024)
  #grades = new Float32Array(1024)
  /** Which pair of card and query each judgment belongs to. */
  #asked = new Int32Array(1024)
  readonly #pairs = new Map<number, Map<number, number>>()
  #pairCount = 0
  /** Lines of one query mostly stand together. */
  #last = { card: -1, query: -1, pair: -1 }

  add(card: number, query: number, document: number, grade: number): void {
    if (this.#last.card !== card || this.#last.query !== query) {
      this.#last = { card, query, pair: this.#pairOf(card, query) }
    }
    if (this.#size === this.#documents.length) this.#grow()
    this.#documents[this.#size] = document
    this.#grades[this.#size] = grade
    this.#asked[this.#size] = this.#last.pair
    this.#size++
  }

  /** Judgments of each card that has some. */
  *pack(): Generator<[card: number, judgments: Judgments]> {
    const counts = new Int32Array(this.#pairCount)
    for (let i = 0; i < this.#size; i++) counts[this.#asked[i]]++

    // Where the next judgment of each pair goes, in arrays that all cards share.
    const places = new Int32Array(this.#pairCount)
    const documents = new Int32Array(this.#size)
    const grades = new Float32Array(this.#size)
    let end = 0
    for (const pairs of this.#pairs.values()) {
      for (const pair of pairs.values()) {
        places[pair] = end
        end += counts[pair]
      }
    }
    for (let i = 0; i < this.#size; i++) {
      const place = places[this.#asked[i]]++
      documents[place] = this.#documents[i]
      grades[place] = this.#grades[i]
    }

    let start = 0
    for (const [card, pairs] of this.#pairs) {
      const queries = Int32Array.from(pairs.keys())
      const offsets = new Int32Array(pairs.size + 1)
      let query = 0
      for (const pair of pairs.values()) {
        offsets[query + 1] = offsets[query] + counts[pair]
        query++
      }
      const stop = start + offsets[query]
      yield [
        card,
        {
          queries,
          offsets,
          documents: documents.subarray(start, stop),
          grades: grades.subarray(start, stop),
        },
      ]
      start = stop
    }
  }

  #pairOf(card: number, query: number): number {
    let pairs = this.#pairs.get(card)
    if (!pairs) {
      pairs = new Map()
      this.#pairs.set(card, pairs)
    }
    let pair = pairs.get(query)
    if (pair === undefined) {
      pair = this.#pairCount++
      pairs.set(query, pair)
    }
    return pair
  }

  #grow(): void {
    const capacity = this.#size * 2
    const documents = new Int32Array(capacity)
    const grades = new Float32Array(capacity)
    const asked = new Int32Array(capacity)
    documents.set(this.#documents)
    grades.set(this.#grades)
    asked.set(this.#asked)
    this.#documents = documents
    this.#grades = grades
    this.#asked = asked
  }
}
