import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { frozenSystem } from '../../../src/main/engine/evaluation/controls'
import type { System } from '../../../src/main/engine/evaluation/system'
import type { EncodedTask } from '../../../src/main/engine/preferences/encoded-collection'
import { openRunFiles } from '../../../src/main/pipeline/evaluation/run-files'
import { workspacePaths } from '../../../src/main/workspace/paths'
import { createRun } from '../../../src/main/workspace/runs/run-folder'
import { makeTasks } from '../../engine/datasets/made-collection'
import { runDraft } from '../../run-draft'
import { temporaryFolder } from '../../temporary-folder'

const DOCUMENTS = 300
const task = {
  task: makeTasks('set', [{ id: 'a', test: [[0, [[1, 1]]]] }], DOCUMENTS)[0],
} as EncodedTask
const table = { cards: 'unseen', examples: 0 } as const
/** One query's ranking of so many documents. */
const ranking = (depth: number) => [
  {
    documents: Int32Array.from({ length: depth }, (_, i) => i),
    scores: Float32Array.from({ length: depth }, (_, i) => depth - i),
  },
]

async function written(compressed: boolean, systems: readonly System[], depth: number) {
  const workspace = await temporaryFolder()
  const { id } = await createRun(workspace, runDraft(), 'some', new Date(0))
  const files = await openRunFiles(workspace, id, { tasks: 80, compressed })
  for (const system of systems) files.add(table, system, task, Int32Array.of(0), ranking(depth))
  await files.close()
  const folder = join(workspacePaths(workspace).run(id).folder, 'trec')
  const names = await readdir(folder)
  const bytes = await Promise.all(names.map((name) => readFile(join(folder, name))))
  return { names, texts: bytes.map((one) => (compressed ? gunzipSync(one) : one).toString('utf8')) }
}

it.each([false, true])('hold every document that was scored, compressed: %s', async (compressed) => {
  const { names, texts } = await written(compressed, [frozenSystem], 250)
  expect(names).toEqual([`unseen-k0.frozen.run${compressed ? '.gz' : ''}`])
  const lines = texts[0].trimEnd().split('\n')
  expect(lines).toHaveLength(250)
  expect(lines[249].split(' ').slice(3, 5)).toEqual(['250', '1'])
})

it('leave out a row that several systems make: a query has no one ranking there', async () => {
  const wrong = { ...frozenSystem, name: 'wrong card' }
  const { names } = await written(false, [frozenSystem, wrong, { ...wrong }], 5)
  expect(names).toEqual(['unseen-k0.frozen.run'])
})

it('are left out, with the reason, where an id would read like another one', async () => {
  const workspace = await temporaryFolder()
  const { id } = await createRun(workspace, runDraft(), 'some', new Date(0))
  const files = await openRunFiles(workspace, id, { tasks: 1, compressed: false })
  const [, , ...rest] = task.task.collection.documents.ids
  const ids = ['two words', 'two%20words', ...rest]
  const collection = { ...task.task.collection, documents: { ...task.task.collection.documents, ids } }
  const odd = { ...task, task: { ...task.task, collection } }
  files.add(table, frozenSystem, odd, Int32Array.of(0), ranking(5))
  await expect(files.close()).rejects.toMatchObject({ code: 'FILE_INVALID' })
  expect(await readdir(join(workspacePaths(workspace).run(id).folder, 'trec'))).toEqual([])
})
