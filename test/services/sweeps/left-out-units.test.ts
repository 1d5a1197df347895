import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { leftOutUnits } from '../../../src/main/services/sweeps/left-out-units'
import { workspacePaths } from '../../../src/main/workspace/paths'
import type { DatasetRecord } from '../../../src/shared/schemas/dataset'
import { temporaryFolder } from '../../temporary-folder'

async function writeRecord(workspace: string, id: string, cards: readonly string[], family?: string) {
  const folder = workspacePaths(workspace).dataset(id)
  await mkdir(folder, { recursive: true })
  const split = { queries: 1, judgments: 1 }
  const record: DatasetRecord = {
    version: 1,
    id,
    ...(family ? { family } : {}),
    title: id,
    summary: '',
    licence: '',
    source: 'test',
    importedAt: '2026-03-14T08:00:00.000Z',
    exclude: 'none',
    documents: 1,
    queries: 1,
    cards: cards.length,
    splits: { train: split, dev: split, test: split },
    devFrom: 'given',
    sha256: 'd'.repeat(64),
    findings: [],
  }
  await writeFile(join(folder, 'dataset.json'), JSON.stringify(record))
  const lines = cards.map((card) =>
    JSON.stringify({ card: { version: 1, id: card, name: card, description: `find ${card}`, examples: [] } }),
  )
  await writeFile(join(folder, 'cards.jsonl'), `${lines.join('\n')}\n`)
}

it('are tasks, corpora or families of the patterns, each with the names of its tasks', async () => {
  const workspace = await temporaryFolder()
  await writeRecord(workspace, 'kinds.a', ['one', 'two'], 'kinds')
  await writeRecord(workspace, 'kinds.b', ['only'], 'kinds')
  await writeRecord(workspace, 'alone', ['only'])
  const tasks = ['kinds.*', 'alone']
  const units = (by: 'tasks' | 'corpora' | 'families', asked = tasks) =>
    leftOutUnits({ workspace, appRoot: workspace }, { tasks: asked, by })
  expect(await units('tasks')).toEqual(
    ['kinds.a/one', 'kinds.a/two', 'kinds.b', 'alone'].map((name) => ({ name, unseen: [name] })),
  )
  expect(await units('corpora')).toEqual([
    { name: 'kinds.a', unseen: ['kinds.a/one', 'kinds.a/two'] },
    { name: 'kinds.b', unseen: ['kinds.b'] },
    { name: 'alone', unseen: ['alone'] },
  ])
  expect(await units('families')).toEqual([
    { name: 'kinds', unseen: ['kinds.a/one', 'kinds.a/two', 'kinds.b'] },
    { name: 'alone', unseen: ['alone'] },
  ])
  // What is left out must leave something.
  await expect(units('families', ['kinds.*'])).rejects.toMatchObject({ code: 'USAGE' })
  await expect(units('tasks', ['elsewhere'])).rejects.toMatchObject({ code: 'DATASET_UNKNOWN' })
})
