import { createMatrix, type Matrix } from '../../engine/numeric/matrix'
import { type ItemPoolOptions, openItemPool, type WorkOptions } from './item-pool'

export interface RowPoolOptions<Item> extends ItemPoolOptions<Item> {
  /** Values of one item's row. */
  readonly columns: number
}

interface RowOptions extends WorkOptions {
  /** A chunk's rows as they come: of the items at `rows`, [rows, columns]. */
  readonly onRows?: (rows: readonly number[], values: Float32Array) => void
}

/** A model spread over worker processes: items in, one row of numbers for each out. */
export interface RowPool<Item> {
  /** @returns [items, columns], in the order of the items */
  work(items: readonly Item[], options?: RowOptions): Promise<Matrix>
  dispose(): Promise<void>
}

/** Its workers answer with the rows of a chunk, [items, columns], flat. */
export function openRowPool<Item>(options: RowPoolOptions<Item>): RowPool<Item> {
  const { columns } = options
  const pool = openItemPool<Item, Float32Array>(options)
  return {
    async work(items, { onRows, ...told } = {}) {
      const matrix = createMatrix(items.length, columns)
      const place = (rows: readonly number[], values: Float32Array) => {
        rows.forEach((row, i) => {
          matrix.data.set(values.subarray(i * columns, (i + 1) * columns), row * columns)
        })
        onRows?.(rows, values)
      }
      await pool.work(items, place, told)
      return matrix
    },
    dispose: pool.dispose,
  }
}
