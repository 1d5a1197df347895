import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createRouterClient, ORPCError } from '@orpc/server'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { openWorkbench } from '../../src/main/services/open-workbench'
import type { WorkspaceMode } from '../../src/main/services/service-context'
import { createRun, updateRun } from '../../src/main/workspace/runs/run-folder'
import { lockWorkspace } from '../../src/main/workspace/workspace-lock'
import type { ErrorCode } from '../../src/shared/errors'
import type { SuggestQueries } from '../../src/shared/schemas/generated-queries'
import type { JobEvent } from '../../src/shared/schemas/job'
import { bundleFixture } from '../bundle-fixture'
import { runDraft } from '../run-draft'
import { temporaryFolder } from '../temporary-folder'

const appRoot = resolve(import.meta.dirname, '..', '..')
const now = () => new Date('2026-03-04T05:06:07Z')

let workerScript: string
beforeAll(async () => {
  workerScript = await bundleFixture('test/jobs/processes/fixture-worker.ts')
})

async function open(mode: WorkspaceMode = 'write', workspace?: string) {
  const folder = workspace ?? (await temporaryFolder())
  const workbench = await openWorkbench({
    workspace: folder,
    appRoot,
    host: 'terminal',
    mode,
    now,
    workerScript,
  })
  onTestFinished(() => workbench.close())
  return { workspace: folder, workbench, client: createRouterClient(workbench.router) }
}

/** The smallest dataset that is one: a document, a query that it answers, in train and in test. */
async function plantDataset(workspace: string, id: string): Promise<void> {
  const folder = join(workspace, 'datasets', id)
  await mkdir(join(folder, 'qrels'), { recursive: true })
  await writeFile(join(folder, 'corpus.jsonl'), '{"_id":"d1","title":"","text":"a document"}\n')
  await writeFile(
    join(folder, 'queries.jsonl'),
    '{"_id":"q1","text":"a query"}\n{"_id":"q2","text":"another"}\n',
  )
  const qrels = 'query-id\tcorpus-id\tscore\n'
  await writeFile(join(folder, 'qrels', 'train.tsv'), `${qrels}q1\td1\t1\n`)
  await writeFile(join(folder, 'qrels', 'test.tsv'), `${qrels}q1\td1\t1\nq2\td1\t1\n`)
  const record = {
    version: 1,
    id,
    title: id,
    summary: '',
    licence: '',
    source: '',
    importedAt: now().toISOString(),
    exclude: 'none',
    documents: 1,
    queries: 2,
    cards: 1,
    splits: { train: { queries: 1, judgments: 1 }, test: { queries: 2, judgments: 2 } },
    devFrom: 'none',
    sha256: 'a'.repeat(64),
    findings: [],
  }
  await writeFile(join(folder, 'dataset.json'), JSON.stringify(record))
}

async function codeOf(call: Promise<unknown>): Promise<ErrorCode> {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(ORPCError)
  const { code, defined, data } = error as ORPCError<string, { code: ErrorCode; remedy: string }>
  expect({ code, defined }).toEqual({ code: 'HYDRA', defined: true })
  expect(data.remedy).not.toBe('')
  return data.code
}

describe('errors of the contract', () => {
  it('carry the code of the catalogue and what to do', async () => {
    const { client } = await open()
    expect(await codeOf(client.runs.show({ id: 'nope' }))).toBe('RUN_UNKNOWN')
    expect(await codeOf(client.runs.show({ id: '../../etc/passwd' }))).toBe('RUN_UNKNOWN')
    expect(await codeOf(client.datasets.show({ id: 'nope' }))).toBe('DATASET_UNKNOWN')
    expect(await codeOf(client.datasets.show({ id: '../x' }))).toBe('DATASET_UNKNOWN')
    expect(await codeOf(client.jobs.show({ id: 'nope' }))).toBe('JOB_UNKNOWN')
    expect(await codeOf(client.jobs.watch({ id: 'nope' }))).toBe('JOB_UNKNOWN')
    expect(await codeOf(client.cards.show({ id: 'nope' }))).toBe('CARD_UNKNOWN')
    expect(await codeOf(client.cards.validate({ file: '/nonexistent/card.json' }))).toBe('FILE_MISSING')
    expect(await codeOf(client.playground.rank({ run: 'nope', query: 'x', systems: ['frozen'] }))).toBe(
      'RUN_UNKNOWN',
    )
    expect(await codeOf(client.training.start({ tasks: ['nope'] }))).toBe('DATASET_UNKNOWN')
    const suggest = (model: string, of: SuggestQueries['of']) => codeOf(client.cards.suggest({ model, of }))
    const documents = [{ document: 'a document' }]
    expect(await suggest('nope', { documents })).toBe('MODEL_MISSING')
    expect(await suggest('all-MiniLM-L6-v2', { documents })).toBe('MODEL_UNSUPPORTED')
    expect(await suggest('nope', { task: 'nope/card' })).toBe('DATASET_UNKNOWN')
  })

  it('name input that does not fit as USAGE', async () => {
    const { client } = await open()
    expect(await codeOf(client.training.start({ tasks: [] }))).toBe('USAGE')
    expect(await codeOf(client.playground.rank({ run: 'frozen', query: '   ', systems: ['frozen'] }))).toBe(
      'USAGE',
    )
    expect(await codeOf(client.runs.show({ id: 7 } as unknown as { id: string }))).toBe('USAGE')
  })

  it('come through from the worker process', async () => {
    const { client } = await open()
    expect(await codeOf(client.playground.rank({ run: 'frozen', query: 'crash', systems: ['frozen'] }))).toBe(
      'WORKER_CRASHED',
    )
  })
})

describe('a job', () => {
  it('makes its run, writes it and ends it', async () => {
    const { workspace, client } = await open()
    await plantDataset(workspace, 'scifact')
    const { job, runs } = await client.training.start({ tasks: ['scifact'], seed: 3 })
    expect(runs).toEqual([expect.stringMatching(/^\d{8}-\d{6}-scifact-s3$/)])
    expect((await client.runs.show({ id: runs[0] })).state).toBe('running')
    const events: JobEvent[] = []
    for await (const event of await client.jobs.watch({ id: job })) events.push(event)
    expect(events.filter(({ type }) => type === 'loss')).toHaveLength(10)
    const run = await client.runs.show({ id: runs[0] })
    expect(run).toMatchObject({
      state: 'done',
      seen: ['scifact'],
      datasets: [{ id: 'scifact', sha256: 'a'.repeat(64) }],
    })
    expect(run.encoder.sha256).toMatch(/^[0-9a-f]{64}$/)
    expect((await client.runs.events({ id: runs[0] })).filter(({ type }) => type === 'loss')).toHaveLength(10)
    expect(await client.runs.verdict({ id: runs[0] })).toBeNull()
  })

  it('leaves nothing behind when a task or an encoder does not exist', async () => {
    const { workspace, client } = await open()
    await plantDataset(workspace, 'scifact')
    expect(await codeOf(client.training.start({ tasks: ['scifact/nope'] }))).toBe('TASK_UNKNOWN')
    expect(await codeOf(client.training.start({ tasks: ['scifact'], encoder: 'nope' }))).toBe('MODEL_MISSING')
    expect(await client.runs.list()).toEqual([])
    expect(await client.jobs.list()).toEqual([])
  })

  it('of the demo has two runs that name each other', async () => {
    const { client } = await open()
    const { job, runs } = await client.training.demo({ steps: 5 })
    const [strict, oneWay] = await Promise.all(runs.map((id) => client.runs.show({ id })))
    expect([strict.request.holdOut, oneWay.request.holdOut]).toEqual(['strict', 'one-way'])
    expect([strict.companion, oneWay.companion]).toEqual([oneWay.id, strict.id])
    expect(strict.request).toMatchObject({ tasks: ['wordnet-finds/*'], steps: 5, unseen: 0.2, splitSeed: 1 })
    for await (const _ of await client.jobs.watch({ id: job }));
    // This worker knows no demo: both runs say so.
    expect((await client.runs.list()).map(({ state }) => state)).toEqual(['failed', 'failed'])
  })

  it('is paused from another host, resumed, and refused where there is nothing to do', async () => {
    const { workspace, client } = await open()
    await plantDataset(workspace, 'scifact')
    const started = await client.training.start({ tasks: ['scifact'], steps: 100_000 })
    const [id] = started.runs
    for await (const event of await client.jobs.watch({ id: started.job })) if (event.type === 'loss') break
    const { client: other } = await open('read', workspace)
    expect(await other.runs.pause({ id })).toMatchObject({ id, state: 'paused', reason: 'Paused.' })
    expect(await client.jobs.show({ id: started.job })).toMatchObject({ state: 'paused' })
    expect(await codeOf(other.runs.pause({ id }))).toBe('RUN_STATE')
    expect(await codeOf(other.runs.resume({ id }))).toBe('USAGE')

    const resumed = await client.runs.resume({ id })
    expect(resumed.runs).toEqual([id])
    expect(await codeOf(client.runs.resume({ id }))).toBe('RUN_STATE')
    expect(await client.runs.pause({ id })).toMatchObject({ state: 'paused' })
    expect(await client.runs.cancel({ id })).toMatchObject({ state: 'cancelled' })
    expect(await codeOf(client.runs.resume({ id }))).toBe('RUN_STATE')
  })

  it('is not resumed on other data than it began with', async () => {
    const { workspace, client } = await open()
    await plantDataset(workspace, 'scifact')
    const { id } = await createRun(
      workspace,
      runDraft({ datasets: [{ id: 'scifact', sha256: 'd'.repeat(64) }] }),
      'x',
      now(),
    )
    await updateRun(workspace, id, { state: 'paused' })
    expect(await codeOf(client.runs.resume({ id }))).toBe('RUN_STATE')
  })

  it('can be cancelled while its process works', async () => {
    const { client } = await open()
    const { job } = await client.datasets.import({ source: 'hang' })
    for await (const event of await client.jobs.watch({ id: job })) {
      if (event.type === 'log') await client.jobs.cancel({ id: job })
    }
    expect(await client.jobs.show({ id: job })).toMatchObject({
      state: 'cancelled',
      error: { code: 'CANCELLED' },
    })
  })
})

describe('every card on every task', () => {
  const SHA256 = 'a'.repeat(64)
  async function withRun() {
    const opened = await open()
    const draft = runDraft({ datasets: [{ id: 'scifact', sha256: SHA256 }] })
    const { id } = await createRun(opened.workspace, draft, 'x', now())
    await updateRun(opened.workspace, id, { state: 'done' })
    return { ...opened, id }
  }

  it('is a job of its run, kept for each number of examples, and for no other data', async () => {
    const { workspace, client, id } = await withRun()
    expect(await client.evaluation.matrix({ run: id })).toBeNull()
    const { job, runs } = await client.evaluation.startMatrix({ run: id })
    expect(runs).toEqual([id])
    const events: JobEvent[] = []
    for await (const event of await client.jobs.watch({ id: job })) events.push(event)
    expect(events.map(({ type }) => type)).toContain('progress')
    expect(await client.jobs.show({ id: job })).toMatchObject({ kind: 'matrix', state: 'done', runs: [id] })
    // A run that is done stays so, whatever is made of it.
    expect((await client.runs.show({ id })).state).toBe('done')
    expect(await client.evaluation.matrix({ run: id })).toMatchObject({ run: id, examples: 0 })
    expect(await client.evaluation.matrix({ run: id, examples: 4 })).toBeNull()
    await updateRun(workspace, id, { datasets: [{ id: 'scifact', sha256: 'b'.repeat(64) }] })
    expect(await client.evaluation.matrix({ run: id })).toBeNull()
  })

  it('is cancelled while it is made, and leaves the run and the matrix before as they were', async () => {
    const { client, id } = await withRun()
    const first = await client.evaluation.startMatrix({ run: id })
    for await (const _ of await client.jobs.watch({ id: first.job }));
    const before = await client.evaluation.matrix({ run: id })
    const { job } = await client.evaluation.startMatrix({ run: id, examples: 4 })
    for await (const { type } of await client.jobs.watch({ id: job }))
      if (type === 'progress') await client.jobs.cancel({ id: job })
    expect(await client.jobs.show({ id: job })).toMatchObject({
      state: 'cancelled',
      error: { code: 'CANCELLED' },
    })
    expect((await client.runs.show({ id })).state).toBe('done')
    expect(await client.evaluation.matrix({ run: id, examples: 4 })).toBeNull()
    expect(await client.evaluation.matrix({ run: id })).toEqual(before)
  })

  it('is not begun by a reader, nor of a run that is not there', async () => {
    const { workspace, client, id } = await withRun()
    expect(await codeOf(client.evaluation.startMatrix({ run: 'nope' }))).toBe('RUN_UNKNOWN')
    const { client: reader } = await open('read', workspace)
    expect(await codeOf(reader.evaluation.startMatrix({ run: id }))).toBe('USAGE')
  })
})

describe('a workspace', () => {
  it('has one writer, and readers beside it that may start nothing', async () => {
    const { workspace } = await open('write')
    await expect(open('write', workspace)).rejects.toMatchObject({ code: 'WORKSPACE_LOCKED' })
    const { client } = await open('read', workspace)
    expect(await client.runs.list()).toEqual([])
    expect(await codeOf(client.datasets.import({ source: 'echo' }))).toBe('USAGE')
  })

  it('is free again once it was closed', async () => {
    const { workspace, workbench } = await open('write')
    await workbench.close()
    await open('write', workspace)
  })

  it.each(['read', 'write'] as const)('sets right what a crash left behind (%s)', async (mode) => {
    const workspace = await temporaryFolder()
    const { id } = await createRun(workspace, runDraft(), 'x', now())
    const { workbench, client } = await open(mode, workspace)
    expect(workbench.recovered).toEqual([expect.stringContaining(id)])
    expect((await client.runs.show({ id })).state).toBe('interrupted')
    expect((await client.system.doctor()).recovered).toEqual([expect.stringContaining(id)])
  })

  it('shows as running what another process runs', async () => {
    const workspace = await temporaryFolder()
    const lock = await lockWorkspace(workspace, 'web', now)
    const { id } = await createRun(workspace, runDraft(), 'x', now())
    const { workbench, client } = await open('read', workspace)
    expect(workbench.recovered).toEqual([])
    expect((await client.runs.show({ id })).state).toBe('running')
    lock.release()
  })
})

describe('datasets and cards', () => {
  it('count the queries of each task by split', async () => {
    const { workspace, client } = await open('read')
    await plantDataset(workspace, 'tiny')
    const { tasks } = await client.datasets.show({ id: 'tiny' })
    expect(tasks).toEqual([expect.objectContaining({ id: 'tiny', train: 1, dev: 0, test: 2 })])
  })

  it('say where a card file is wrong', async () => {
    const { workspace, client } = await open('read')
    const file = join(workspace, 'card.json')
    await writeFile(file, '{\n  "id": "x",\n  "name": "X",\n  "description": ""\n}\n')
    const error = await client.cards.validate({ file }).catch((thrown) => thrown)
    expect(error.data).toMatchObject({ code: 'CARD_INVALID', where: `${file}:4` })
    await writeFile(file, '{"id":"x","name":"X","description":"find x"}')
    expect(await client.cards.validate({ file })).toMatchObject({ version: 1, id: 'x', examples: [] })
  })

  it('list cards of the workspace before templates', async () => {
    const { workspace, client } = await open('read')
    await mkdir(join(workspace, 'cards'))
    await writeFile(join(workspace, 'cards', 'mine.json'), '{"id":"mine","name":"M","description":"find m"}')
    await writeFile(join(workspace, 'cards', 'broken.json'), '{')
    const cards = await client.cards.list()
    expect(cards.filter(({ origin }) => origin === 'workspace').map(({ card }) => card.id)).toEqual(['mine'])
    expect(cards[0].origin).toBe('workspace')
    expect((await client.cards.show({ id: 'mine' })).description).toBe('find m')
  })

  it('keep a card that is there unless it is to be replaced', async () => {
    const { client } = await open('write')
    const card = { version: 1 as const, id: 'mine', name: 'M', description: 'find m', examples: [] }
    await client.cards.save({ card })
    const other = { ...card, description: 'find n' }
    expect(await codeOf(client.cards.save({ card: other }))).toBe('CARD_EXISTS')
    expect((await client.cards.show({ id: 'mine' })).description).toBe('find m')
    await client.cards.save({ card: other, replace: true })
    expect((await client.cards.show({ id: 'mine' })).description).toBe('find n')
  })
})
