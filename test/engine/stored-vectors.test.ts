import { describe, expect, it } from 'vitest'
import { transformCorpus } from '../../src/main/engine/evaluation/corpus-heads'
import {
  gatherRows,
  inMemory,
  isInMemory,
  type Matrix,
  meanRow,
  type StoredVectors,
} from '../../src/main/engine/numeric/matrix'
import { createCorpusIndex } from '../../src/main/engine/retrieval/corpus-index'
import { chooseBackend } from '../../src/main/engine/training/choose-backend'
import { trainNetwork } from '../../src/main/engine/training/trainer'
import { weightsHash } from '../../src/main/engine/training/training-state'
import type { Recipe } from '../../src/shared/schemas/run'
import { unitRows } from './tiny-task'
import { tinyRecipe, tinyTraining, tinyTrainingTasks } from './training/tiny-training'

/** A matrix that gives its rows away only when they are read. */
function behindReads(matrix: Matrix): StoredVectors {
  const { rows, columns } = matrix
  return { rows, columns, read: (indices, out) => void gatherRows(matrix, indices, out) }
}

/** Of values that are compared to the last bit: a deep comparison of so many takes seconds. */
const bits = ({ buffer, byteOffset, byteLength }: Float32Array | Int32Array) =>
  Buffer.from(buffer, byteOffset, byteLength).toString('base64')

describe('vectors that are read from disk give to the last bit what those in memory give', () => {
  // More than is read at once.
  const held = unitRows(20_000, 16, 1)
  const stored = behindReads(held)

  it('as means and copies', () => {
    const some = Array.from({ length: 17_000 }, (_, i) => (i * 7919) % 20_000)
    expect(meanRow(stored)).toEqual(meanRow(held))
    expect(meanRow(stored, some)).toEqual(meanRow(held, some))
    expect(meanRow(stored, [])).toEqual(new Float32Array(16))
    expect(bits(inMemory(stored).data)).toBe(bits(held.data))
  })

  it('as scores and rankings of a corpus', async () => {
    const ids = Array.from({ length: held.rows }, (_, i) => `d${i}`)
    const queries = unitRows(260, 16, 2)
    const [inBlocks, whole] = [
      await createCorpusIndex({ documents: stored, ids }),
      await createCorpusIndex({ documents: held, ids }),
    ]
    const asked = { depth: 30, excluded: (query: number) => [query] }
    expect(await inBlocks.rank(queries, asked)).toEqual(await whole.rank(queries, asked))
    const few = unitRows(3, 16, 3)
    expect(bits((await inBlocks.score(few)).data)).toBe(bits((await whole.score(few)).data))
    await Promise.all([inBlocks.dispose(), whole.dispose()])
  })

  it('as a corpus that a head moves', async () => {
    const head = { weight: unitRows(8, 16, 4), bias: unitRows(1, 8, 5).data }
    const [moved, expected] = [await transformCorpus(head, stored), await transformCorpus(head, held)]
    expect([moved.rows, moved.columns]).toEqual([20_000, 8])
    expect(bits(moved.data)).toBe(bits(expected.data))
  })

  const recipes: [string, Partial<Recipe>][] = [
    ['candidates of a softmax', { candidates: 20 }],
    [
      'pairs, null and wrong cards',
      {
        losses: [{ name: 'pairwise', weight: 1, options: {} }],
        nullCards: { share: 0.3, penalty: 5 },
        wrongCards: { share: 0.5, margin: 0.1, weight: 0.5 },
      },
    ],
    ['documents through the head', { side: 'both', candidates: 20 }],
  ]
  it.each(recipes)('as a training: %s', async (_, change) => {
    await chooseBackend('cpu')
    const tasks = tinyTrainingTasks()
    const { documents, ...encoded } = tasks[0].encoded
    if (!isInMemory(documents)) throw new TypeError('the tiny corpus is held')
    const onDisk = { ...encoded, documents: behindReads(documents) }
    const train = async (from: typeof tasks) => {
      const options = tinyTraining({
        tasks: from,
        recipe: tinyRecipe({ steps: 12, devEvery: 6, ...change }),
        measureDev: async () => 0,
      })
      return weightsHash((await trainNetwork(options)).parameters)
    }
    expect(await train(tasks.map((task) => ({ ...task, encoded: onDisk })))).toBe(await train(tasks))
  })
})
