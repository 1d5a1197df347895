import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { importBeir } from '../../src/main/engine/datasets/importing/import-beir'
import { openWorkbench } from '../../src/main/services/open-workbench'
import { createRun, updateRun } from '../../src/main/workspace/runs/run-folder'
import { bundleFixture } from '../bundle-fixture'
import { smallDataset, writeFolder } from '../engine/datasets/small-dataset'
import { runDraft } from '../run-draft'
import { temporaryFolder } from '../temporary-folder'
import { waitUntil } from '../wait-until'

const appRoot = resolve(import.meta.dirname, '..', '..')
const now = () => new Date('2026-03-04T05:06:07Z')

let workerScript: string
beforeAll(async () => {
  workerScript = await bundleFixture('test/jobs/processes/fixture-worker.ts')
})

async function open(workspace: string) {
  const workbench = await openWorkbench({
    workspace,
    appRoot,
    host: 'terminal',
    mode: 'write',
    now,
    workerScript,
  })
  let closed = false
  const close = async () => {
    if (!closed) await workbench.close()
    closed = true
  }
  onTestFinished(close)
  return { client: createRouterClient(workbench.router), close }
}

async function withSmall() {
  const workspace = await temporaryFolder()
  const source = writeFolder(join(workspace, 'source', 'small'), smallDataset())
  await importBeir({ source, workspace, now })
  return { workspace, source, ...(await open(workspace)) }
}

const code = (wanted: string) => ({ data: { code: wanted } })

describe('a dataset that is deleted', () => {
  it('is gone, names the runs made with it, and comes back until the workspace is closed', async () => {
    const { workspace, client, close } = await withSmall()
    const draft = runDraft()
    const run = await createRun(
      workspace,
      { ...draft, request: { ...draft.request, tasks: ['small'] } },
      'x',
      now(),
    )
    await updateRun(workspace, run.id, { state: 'done' })
    const changes = await client.datasets.changes()
    const told = changes.next()
    const { dataset, runs } = await client.datasets.delete({ id: 'small' })
    expect([dataset.id, runs]).toEqual(['small', [run.id]])
    expect(await told).toEqual({ done: false, value: 'small' })
    expect(await client.datasets.list()).toEqual([])
    expect(await client.datasets.restore({ id: 'small' })).toEqual(dataset)
    expect(await client.datasets.restore({ id: 'small' })).toEqual(dataset)
    expect(await client.datasets.list()).toEqual([dataset])
    await client.datasets.delete({ id: 'small' })
    await close()
    const again = await open(workspace)
    await expect(again.client.datasets.restore({ id: 'small' })).rejects.toMatchObject(
      code('DATASET_UNKNOWN'),
    )
    expect(existsSync(join(workspace, 'datasets', '.deleted-small'))).toBe(false)
  })

  it('does not come back in place of another one', async () => {
    const { workspace, source, client } = await withSmall()
    await client.datasets.delete({ id: 'small' })
    const other = await importBeir({ source, id: 'small', workspace, now })
    await expect(client.datasets.restore({ id: 'small' })).rejects.toMatchObject(code('DATASET_EXISTS'))
    expect(await client.datasets.list()).toEqual([other])
  })

  it('is not one that a run or an import reads', async () => {
    const { workspace, client } = await withSmall()
    const { job } = await client.datasets.import({ source: 'hang' })
    await expect(client.datasets.delete({ id: 'small' })).rejects.toMatchObject({
      data: { code: 'DATASET_IN_USE' },
    })
    await client.jobs.cancel({ id: job })
    await waitUntil(async () => (await client.jobs.show({ id: job })).state === 'cancelled')
    const draft = runDraft()
    const run = await createRun(
      workspace,
      { ...draft, request: { ...draft.request, tasks: ['small/*'] } },
      'x',
      now(),
    )
    await expect(client.datasets.delete({ id: 'small' })).rejects.toMatchObject(code('DATASET_IN_USE'))
    await updateRun(workspace, run.id, { state: 'cancelled' })
    await client.datasets.delete({ id: 'small' })
    await expect(client.datasets.delete({ id: 'small' })).rejects.toMatchObject(code('DATASET_UNKNOWN'))
  })
})

describe('a second import', () => {
  it('is told what stands under its id, and which id is free', async () => {
    const { workspace, source, client } = await withSmall()
    expect(await client.datasets.planImport({ source: `${source} (1).zip` })).toMatchObject({
      id: 'small',
      taken: { title: 'small', runs: [] },
      free: 'small-2',
    })
    await importBeir({ source, id: 'small-2', workspace, now })
    expect(await client.datasets.planImport({ source })).toMatchObject({ free: 'small-3' })
    expect(await client.datasets.planImport({ source, id: 'other' })).toEqual({
      id: 'other',
      taken: null,
      free: 'other',
    })
    expect(await client.datasets.planImport({ source: 'wordnet-finds', documents: 30_000 })).toMatchObject({
      id: 'wordnet-finds-30000',
    })
    await expect(client.datasets.planImport({ source, id: '../x' })).rejects.toMatchObject(code('USAGE'))
  })

  it('takes the place of the first where it is told to, and otherwise leaves it', async () => {
    const { workspace, source, client } = await withSmall()
    const [before] = await client.datasets.list()
    await expect(importBeir({ source, workspace, now })).rejects.toMatchObject({ code: 'DATASET_EXISTS' })
    const files = { ...smallDataset(), 'SOURCE.json': '{"title":"Renewed"}' }
    const renewed = writeFolder(join(workspace, 'renewed', 'small'), files)
    const broken = writeFolder(join(workspace, 'broken', 'small'), { ...files, 'corpus.jsonl': 'no json\n' })
    await expect(importBeir({ source: broken, replace: true, workspace, now })).rejects.toMatchObject({
      code: 'DATASET_LINE',
    })
    expect(await client.datasets.list()).toEqual([before])
    await importBeir({ source: renewed, replace: true, workspace, now })
    expect(await client.datasets.list()).toMatchObject([{ id: 'small', title: 'Renewed' }])
    expect(existsSync(join(workspace, 'datasets', 'small', 'corpus.jsonl'))).toBe(true)
  })
})

describe('what a browser sent', () => {
  it('and no import took is gone when the workspace is opened again', async () => {
    const { workspace, close } = await withSmall()
    await close()
    const folder = join(workspace, 'cache', 'uploads', '0123456789abcdef')
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'x.zip'), 'x')
    await open(workspace)
    expect(existsSync(folder)).toBe(false)
  })
})
