import { describe, expect, it } from 'vitest'
import { byFamily } from '../../../src/renderer/datasets/families'
import type { DatasetRecord } from '../../../src/shared/schemas/dataset'

const dataset = (id: string, family?: string) => ({ id, family }) as unknown as DatasetRecord
const folded = (...datasets: DatasetRecord[]) =>
  byFamily(datasets).map(({ family, datasets: members }) => [family, members.map(({ id }) => id).join(' ')])

describe('datasets in their families', () => {
  it('fold where the first one stands, in the order of the rest', () => {
    expect(
      folded(dataset('a'), dataset('x.1', 'x'), dataset('b'), dataset('x.2', 'x'), dataset('y.1', 'y')),
    ).toEqual([
      [null, 'a'],
      ['x', 'x.1 x.2'],
      [null, 'b'],
      [null, 'y.1'],
    ])
  })
})
