import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { importBeir } from '../../../src/main/engine/datasets/importing/import-beir'
import { loadCollection } from '../../../src/main/engine/datasets/load-collection'
import { listTasks } from '../../../src/main/engine/datasets/tasks'
import { parseMeasure } from '../../../src/main/engine/measures'
import { createTeacher } from '../../../src/main/engine/teachers'
import { temporaryFolder } from '../datasets/small-dataset'

const scifact = resolve('../shared/datasets/scifact.zip')
if (!existsSync(scifact)) console.log(`skipped: BM25 on SciFact, no ${scifact}`)

it.skipIf(!existsSync(scifact))(
  'BM25 on SciFact is in the range of the literature (.665 to .7)',
  async () => {
    const temporary = temporaryFolder()
    try {
      await importBeir({ source: scifact, workspace: temporary.path, now: () => new Date(0) })
      const real = await loadCollection(join(temporary.path, 'datasets/scifact'), resolve('resources/cards'))
      const { test } = listTasks(real)[0]
      const teacher = await createTeacher('bm25', { collection: real })
      const orders = await teacher.order(test.queries, 10)
      const measure = parseMeasure('nDCG@10')
      const scores = orders.map(({ documents: rows }, i) => {
        const grades = new Map<number, number>()
        for (let j = test.offsets[i]; j < test.offsets[i + 1]; j++)
          grades.set(test.documents[j], test.grades[j])
        const ideal = [...grades.values()].filter((grade) => grade > 0).sort((a, b) => b - a)
        return measure.score({ grades: Array.from(rows, (row) => grades.get(row) ?? 0), ideal })
      })
      const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length
      expect(mean).toBeGreaterThan(0.665)
      expect(mean).toBeLessThan(0.7)
    } finally {
      temporary.remove()
    }
  },
)
