import { createMatrix, type Matrix } from '../numeric/matrix'
import { type AffineHead, affineRows } from './head'

/** The encoder as it is: W = I, b = 0. @param d dimensions */
export function identityHead(d: number): AffineHead {
  return shiftHead(new Float32Array(d))
}

/** W = I: every vector is moved by b. @param bias [d] */
export function shiftHead(bias: Float32Array): AffineHead {
  const weight = createMatrix(bias.length, bias.length)
  for (let i = 0; i < bias.length; i++) weight.data[i * bias.length + i] = 1
  return { weight, bias }
}

/** Whether part of a head is a head: it maps into the encoder's own space, and nothing comes after its map but unit length. */
export function isBlendable({ weight, norm }: AffineHead): boolean {
  return weight.rows === weight.columns && norm === undefined
}

/** Part of a head, W = I + g·(W − I) and b = g·b: 0 is the encoder, 1 the head. @param strength g in [0, 1] */
export function blendHead({ weight, bias }: AffineHead, strength: number): AffineHead {
  const d = bias.length
  const data = weight.data.map((value) => strength * value)
  for (let i = 0; i < d; i++) data[i * d + i] += 1 - strength
  return { weight: createMatrix(d, d, data), bias: bias.map((value) => strength * value) }
}

/** x + b of each row, [n, d], as a head of that shift alone makes it; without one a copy. @param shift [d] */
export function shiftRows(vectors: Matrix, shift: Float32Array | null): Matrix {
  const { rows, columns, data } = vectors
  const out = createMatrix(rows, columns, data.slice())
  if (shift) for (let i = 0; i < out.data.length; i++) out.data[i] += shift[i % columns]
  return out
}

/**
 * x + g·(W·x + b − x) of each row, [n, d], not brought to unit length: the same as the head above, made without folding it.
 * @param vectors [n, d]
 */
export function blendRows(head: AffineHead, strength: number, vectors: Matrix): Matrix {
  const rows = affineRows(head, vectors)
  const { data } = vectors
  return { ...rows, data: rows.data.map((value, i) => data[i] + strength * (value - data[i])) }
}
