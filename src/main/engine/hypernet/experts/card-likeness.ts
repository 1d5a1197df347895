import { createMatrix, dot, type Matrix, normalizeRows, row } from '../../numeric/matrix'

/** How near a card is to some trained cards: of its text, and of the corpus that it is for. */
export interface Likeness {
  readonly text: number
  readonly corpus: number
}

/** Cards as gates compare them: both parts from the middle of the experts, and of unit length. */
export interface ComparedCards {
  /** [cards, d] */
  readonly text: Matrix
  /** [cards, d] mean document of the corpus, or of the examples where a network reads these */
  readonly corpus: Matrix
}

/** Cosines of one card with others, [cards] each. */
export interface CardCosines {
  readonly text: Float32Array
  readonly corpus: Float32Array
}

/** A mean of few: one near card alone may be chance, and a large family is near in places. */
export const NEAREST_CARDS = 3

/** @param text [cards, d]  @param corpus [cards, d]  @param middle [2, d] what each is seen from: of text, of corpora */
export function comparedCards(text: Matrix, corpus: Matrix, middle: Matrix): ComparedCards {
  return { text: directions(text, row(middle, 0)), corpus: directions(corpus, row(middle, 1)) }
}

/** @param place of the card among `cards` */
export function cosinesWith(cards: ComparedCards, place: number, others: ComparedCards): CardCosines {
  const part = (name: keyof ComparedCards) => {
    const own = row(cards[name], place)
    return Float32Array.from({ length: others[name].rows }, (_, i) => dot(own, row(others[name], i)))
  }
  return { text: part('text'), corpus: part('corpus') }
}

/** Mean of the three highest cosines with these cards, of as many as there are; 0 with none. */
export function likenessTo(cosines: CardCosines, members: readonly number[]): Likeness {
  return { text: nearest(cosines.text, members), corpus: nearest(cosines.corpus, members) }
}

function nearest(cosines: Float32Array, members: readonly number[]): number {
  const highest = members
    .map((i) => cosines[i])
    .sort((a, b) => b - a)
    .slice(0, NEAREST_CARDS)
  return highest.length === 0 ? 0 : highest.reduce((sum, cosine) => sum + cosine) / highest.length
}

/** Unit vectors from a point; what lies on it stays zero. */
function directions({ rows, columns, data }: Matrix, from: Float32Array): Matrix {
  return normalizeRows(
    createMatrix(
      rows,
      columns,
      data.map((value, i) => value - from[i % columns]),
    ),
  )
}
