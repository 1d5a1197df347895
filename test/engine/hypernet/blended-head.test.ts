import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import {
  blendHead,
  blendRows,
  identityHead,
  isBlendable,
  shiftHead,
} from '../../../src/main/engine/hypernet/blended-head'
import { applyHead } from '../../../src/main/engine/hypernet/head'
import { createMatrix, normalizeInPlace, row } from '../../../src/main/engine/numeric/matrix'

interface Golden {
  readonly blend: {
    readonly weight: number[][]
    readonly bias: number[]
    readonly vectors: number[][]
    readonly blends: readonly { readonly strength: number; readonly outputs: number[][] }[]
  }
}
const { blend }: Golden = JSON.parse(
  readFileSync(new URL('../../fixtures/hand-out.json', import.meta.url), 'utf8'),
)
const matrixOf = (rows: number[][]) =>
  createMatrix(rows.length, rows[0].length, Float32Array.from(rows.flat()))
const head = { weight: matrixOf(blend.weight), bias: Float32Array.from(blend.bias) }
const vectors = matrixOf(blend.vectors)

it.each(blend.blends)('part $strength of a head, folded and not', ({ strength, outputs }) => {
  const folded = applyHead(blendHead(head, strength), vectors)
  const unfolded = blendRows(head, strength, vectors)
  for (let n = 0; n < unfolded.rows; n++) normalizeInPlace(row(unfolded, n))
  outputs.flat().forEach((value, i) => {
    expect(folded.data[i]).toBeCloseTo(value, 6)
    expect(unfolded.data[i]).toBeCloseTo(value, 6)
  })
})

it('the encoder as it is, and moved by one vector', () => {
  const same = applyHead(identityHead(7), vectors)
  vectors.data.forEach((value, i) => {
    expect(same.data[i]).toBeCloseTo(value, 6)
  })
  const moved = applyHead(shiftHead(head.bias), vectors)
  const expected = row(vectors, 0).map((value, i) => value + head.bias[i])
  normalizeInPlace(expected)
  expected.forEach((value, i) => {
    expect(moved.data[i]).toBeCloseTo(value, 6)
  })
})

it('no part of a head that maps elsewhere, or is normalised after its map', () => {
  expect(isBlendable(head)).toBe(true)
  expect(isBlendable({ ...head, weight: createMatrix(3, 7) })).toBe(false)
  const norm = { scale: new Float32Array(7), shift: new Float32Array(7) }
  expect(isBlendable({ ...head, norm })).toBe(false)
})
