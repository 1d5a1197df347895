import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { writeNpy } from '../../../src/main/engine/formats/npy'
import { createMatrix } from '../../../src/main/engine/numeric/matrix'
import { readNpy } from '../../read-npy'

const golden = readFileSync('test/fixtures/codecs/golden.npy')

describe('npy', () => {
  it('writes the bytes of numpy.save', () => {
    const matrix = createMatrix(
      3,
      5,
      Float32Array.from({ length: 15 }, (_, i) => i / 7),
    )
    expect(Buffer.from(writeNpy(matrix)).equals(golden)).toBe(true)
    expect(
      Buffer.from(writeNpy(createMatrix(0, 384))).equals(readFileSync('test/fixtures/codecs/empty.npy')),
    ).toBe(true)
  })

  it('gives back what was written', () => {
    const matrix = fc
      .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 20 }))
      .chain(([rows, columns]) =>
        fc
          .float32Array({ minLength: rows * columns, maxLength: rows * columns })
          .map((data) => createMatrix(rows, columns, data)),
      )
    fc.assert(
      fc.property(matrix, (wanted) => {
        expect(readNpy(writeNpy(wanted))).toEqual(wanted)
      }),
    )
  })
})
