import { appendFile, readFile, rm, writeFile } from 'node:fs/promises'
import { expect, it, onTestFinished } from 'vitest'
import { RunIndex } from '../../../src/main/services/runs/run-index'
import { workspacePaths } from '../../../src/main/workspace/paths'
import { deleteRun } from '../../../src/main/workspace/runs/deleted-runs'
import { annotateRun } from '../../../src/main/workspace/runs/run-annotations'
import { createRun, updateRun } from '../../../src/main/workspace/runs/run-folder'
import type { RunChange, RunFigures, RunSummary } from '../../../src/shared/schemas/runs/run-summary'
import { runDraft } from '../../run-draft'
import { temporaryFolder } from '../../temporary-folder'
import { waitUntil } from '../../wait-until'

const FIGURES: RunFigures = {
  headline: null,
  dev: { system: 'task card', best: { step: 1, value: 0.5 }, last: { step: 2, value: 0.4 } },
}

/** An index over a workspace, and what a window that watches it has. */
function watch(workspace: string, figuresOf?: (runs: string[]) => Promise<Record<string, RunFigures>>) {
  const asked: string[][] = []
  const end = new AbortController()
  const index = new RunIndex({
    workspace,
    keeps: true,
    queue: { changes: async function* () {} },
    figuresOf: async (runs) => {
      asked.push(runs)
      return figuresOf ? figuresOf(runs) : Object.fromEntries(runs.map((id) => [id, FIGURES]))
    },
  })
  const rows = new Map<string, RunSummary>()
  const heard: RunChange[] = []
  const reading = (async () => {
    for await (const change of index.watch(end.signal)) {
      heard.push(change)
      if (change.type === 'rows') for (const row of change.rows) rows.set(row.id, row)
      if (change.type === 'gone') for (const id of change.ids) rows.delete(id)
    }
  })()
  const close = async () => {
    end.abort()
    await index.close()
    await reading
  }
  onTestFinished(close)
  const whole = () => waitUntil(() => heard.some(({ type }) => type === 'whole'))
  return { index, rows, heard, asked, whole, close }
}

async function endedRun(workspace: string, slug: string, at: Date): Promise<string> {
  const { id } = await createRun(workspace, runDraft(), slug, at)
  await updateRun(workspace, id, { state: 'done' })
  return id
}

it('gives every run, newest first, then says that these are all', async () => {
  const workspace = await temporaryFolder()
  const old = await endedRun(workspace, 'old', new Date(2026, 0, 1))
  const young = await endedRun(workspace, 'young', new Date(2026, 0, 2))
  const { rows, whole } = watch(workspace)
  await whole()
  expect([...rows.keys()]).toEqual([young, old])
  expect(rows.get(old)).toMatchObject({
    title: 'Train on scifact',
    ownTitle: 'Train on scifact',
    state: 'done',
    tasks: { seen: 0, unseen: 0 },
  })
  await waitUntil(() => [...rows.values()].every(({ figures }) => figures !== null))
  expect(rows.get(young)?.figures).toEqual(FIGURES)
})

it('gives all runs as they stand to who asks once, and reads no figures for it', async () => {
  const workspace = await temporaryFolder()
  const old = await endedRun(workspace, 'old', new Date(2026, 0, 1))
  const figuresOf = () => Promise.reject(new Error('nobody asked'))
  const index = new RunIndex({ workspace, keeps: true, queue: { changes: async function* () {} }, figuresOf })
  onTestFinished(() => index.close())
  expect((await index.rows()).map(({ id }) => id)).toEqual([old])
  const young = await endedRun(workspace, 'young', new Date(2026, 0, 2))
  await updateRun(workspace, old, { state: 'paused' })
  const rows = await index.rows()
  expect(rows.map(({ id, state, figures }) => [id, state, figures])).toEqual([
    [young, 'done', null],
    [old, 'paused', null],
  ])
})

it('tells what was written about a run, what was deleted and what is new, and asks for figures only once', async () => {
  const workspace = await temporaryFolder()
  const one = await endedRun(workspace, 'one', new Date(2026, 0, 1))
  const { index, rows, whole, asked } = watch(workspace)
  await whole()
  await waitUntil(() => rows.get(one)?.figures !== null)
  await annotateRun(workspace, one, { name: 'Wide', tag: ['paper'] })
  await index.look([one])
  await waitUntil(() => rows.get(one)?.title === 'Wide')
  expect(rows.get(one)).toMatchObject({ tags: ['paper'], figures: FIGURES })
  const two = await endedRun(workspace, 'two', new Date(2026, 0, 2))
  await index.look()
  await waitUntil(() => rows.has(two))
  await deleteRun(workspace, one, new Date())
  await index.look([one])
  await waitUntil(() => !rows.has(one))
  expect(asked.flat()).toEqual([one, two])
})

it('asks for figures again when the results are others', async () => {
  const workspace = await temporaryFolder()
  const one = await endedRun(workspace, 'one', new Date(2026, 0, 1))
  const { index, asked, whole } = watch(workspace)
  await whole()
  await waitUntil(() => asked.length === 1)
  await writeFile(workspacePaths(workspace).run(one).results, '{}')
  await index.look([one])
  await waitUntil(() => asked.length === 2)
})

it('lists runs without their figures when nobody can read them', async () => {
  const workspace = await temporaryFolder()
  const one = await endedRun(workspace, 'one', new Date(2026, 0, 1))
  const { rows, whole } = watch(workspace, () => Promise.reject(new Error('crashed')))
  await whole()
  expect(rows.get(one)?.figures).toBeNull()
})

it('keeps what it read for the next host, and passes over lines that are none', async () => {
  const workspace = await temporaryFolder()
  const one = await endedRun(workspace, 'one', new Date(2026, 0, 1))
  const gone = await endedRun(workspace, 'gone', new Date(2026, 0, 2))
  const first = watch(workspace)
  await first.whole()
  await waitUntil(() => first.rows.get(one)?.figures !== null)
  const { runSummaries, run } = workspacePaths(workspace)
  // Until the folder has rested, it is looked at again and not kept.
  const kept = async () => (await readFile(runSummaries, 'utf8').catch(() => '')).includes(gone)
  await waitUntil(async () => {
    await first.index.look()
    return kept()
  })
  await first.close()
  await appendFile(runSummaries, '{"version":9}\n{"cut')
  await rm(run(gone).folder, { recursive: true })
  const second = watch(workspace)
  await second.whole()
  expect([...second.rows.keys()]).toEqual([one])
  expect(second.rows.get(one)?.figures).toEqual(FIGURES)
  expect(second.asked).toEqual([])
})
