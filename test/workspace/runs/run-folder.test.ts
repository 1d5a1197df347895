import { appendFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { workspacePaths } from '../../../src/main/workspace/paths'
import { appendEvents, readEvents } from '../../../src/main/workspace/runs/run-events'
import { createRun, listRuns, readRun, updateRun } from '../../../src/main/workspace/runs/run-folder'
import { readTaskScores, readVerdict, writeTaskScores } from '../../../src/main/workspace/runs/run-results'
import type { JobEvent } from '../../../src/shared/schemas/job'
import { runDraft } from '../../run-draft'
import { temporaryFolder } from '../../temporary-folder'

const at = new Date(2026, 2, 4, 5, 6, 7)

describe('createRun', () => {
  it('names runs by time, slug and seed, each differently', async () => {
    const workspace = await temporaryFolder()
    const ids = []
    for (let i = 0; i < 3; i++) ids.push((await createRun(workspace, runDraft(), 'SciFact & more!', at)).id)
    expect(ids).toEqual([
      '20260304-050607-scifact-more-s7',
      '20260304-050607-scifact-more-s7-2',
      '20260304-050607-scifact-more-s7-3',
    ])
    expect((await readRun(workspace, ids[0])).state).toBe('running')
  })
})

it('a long name is cut between characters and not within one', async () => {
  const workspace = await temporaryFolder()
  const { id } = await createRun(workspace, runDraft(), `a${'𝒜'.repeat(60)}`, at)
  expect(id).toBe(`20260304-050607-a${'𝒜'.repeat(39)}-s7`)
  expect((await readRun(workspace, id)).id).toBe(id)
})

describe('listRuns', () => {
  it('gives the newest first and passes over what is no run', async () => {
    const workspace = await temporaryFolder()
    const old = await createRun(workspace, runDraft(), 'old', new Date(2026, 0, 1))
    const young = await createRun(workspace, runDraft(), 'young', new Date(2026, 0, 2))
    await mkdir(join(workspace, 'runs', 'notes'))
    await writeFile(join(workspace, 'runs', 'notes', 'run.json'), '{}')
    expect((await listRuns(workspace)).map(({ id }) => id)).toEqual([young.id, old.id])
    expect(await listRuns(join(workspace, 'nowhere'))).toEqual([])
  })
})

describe('readRun', () => {
  it.each(['nope', '../../etc', '.lock', ''])('answers RUN_UNKNOWN for %j', async (id) => {
    await expect(readRun(await temporaryFolder(), id)).rejects.toMatchObject({ code: 'RUN_UNKNOWN' })
  })
})

describe('a run of before the split seed', () => {
  const earlier = async (change: Record<string, unknown>, request: Record<string, unknown>) => {
    const workspace = await temporaryFolder()
    const { id, ...run } = await createRun(workspace, runDraft(), 'x', at)
    const { splitSeed: _, ...asked } = run.request
    const file = workspacePaths(workspace).run(id).record
    const text = JSON.stringify({ ...run, id, ...change, request: { ...asked, ...request } })
    await writeFile(file, text)
    return { workspace, id, file, text }
  }

  it.each([
    ['strict', 'one-way'],
    ['loose', 'loose'],
    ['combinations', 'combinations'],
  ])('that says %s was %s, drawn by its seed', async (said, meant) => {
    const split = { seen: ['a', 'b'], unseen: ['c'] }
    const { workspace, id, file, text } = await earlier(split, { holdOut: said, seed: 9 })
    expect(await readRun(workspace, id)).toMatchObject({
      ...split,
      request: { holdOut: meant, seed: 9, splitSeed: 9 },
    })
    expect(await readFile(file, 'utf8')).toBe(text)
    expect(await listRuns(workspace)).toEqual([await readRun(workspace, id)])
  })

  it('keeps on disk what it said when something else of it changes', async () => {
    const { workspace, id, file } = await earlier({}, { holdOut: 'strict', seed: 9 })
    const updated = await updateRun(workspace, id, (run) => ({ notes: [`${run.request.holdOut} rule`] }))
    expect(updated).toEqual(await readRun(workspace, id))
    expect(updated.request.holdOut).toBe('one-way')
    const stored = JSON.parse(await readFile(file, 'utf8'))
    expect(stored).toMatchObject({ notes: ['one-way rule'], request: { holdOut: 'strict', seed: 9 } })
    expect(stored.request).not.toHaveProperty('splitSeed')
  })

  it('is called after its rule where it is a demo', async () => {
    const { workspace, id } = await earlier({ kind: 'demo', title: 'Demo, strict hold-out' }, {})
    expect((await readRun(workspace, id)).title).toBe('Demo, one-way hold-out')
  })

  it('is none where it names a split seed: strict is strict', async () => {
    const { workspace, id } = await earlier({}, { splitSeed: 3 })
    expect((await readRun(workspace, id)).request).toMatchObject({ holdOut: 'strict', splitSeed: 3 })
  })
})

describe('updateRun', () => {
  it('loses no change when many come at once', async () => {
    const workspace = await temporaryFolder()
    const { id } = await createRun(workspace, runDraft(), 'x', at)
    const names = Array.from({ length: 20 }, (_, i) => `t${i}`)
    await Promise.all(names.map((name) => updateRun(workspace, id, (run) => ({ seen: [...run.seen, name] }))))
    expect((await readRun(workspace, id)).seen.sort()).toEqual(names.sort())
    expect(await readdir(workspacePaths(workspace).run(id).folder)).toEqual(['run.json'])
  })
})

describe('events', () => {
  const log = (message: string): JobEvent => ({ type: 'log', at: 1, level: 'info', message })

  it('come back in order, without the line that a crash cut off', async () => {
    const workspace = await temporaryFolder()
    const { id } = await createRun(workspace, runDraft(), 'x', at)
    expect(await readEvents(workspace, id)).toEqual([])
    await appendEvents(workspace, id, [log('one'), log('two\nlines')])
    await appendFile(workspacePaths(workspace).run(id).events, '{"type":"log","at":2,"lev')
    expect(await readEvents(workspace, id)).toEqual([log('one'), log('two\nlines')])
  })
})

describe('results', () => {
  it('are null before there are any', async () => {
    const workspace = await temporaryFolder()
    const { id } = await createRun(workspace, runDraft(), 'x', at)
    expect(await readVerdict(workspace, id)).toBeNull()
  })

  it('keep the scores of each query by task', async () => {
    const workspace = await temporaryFolder()
    const { id } = await createRun(workspace, runDraft(), 'x', at)
    const lines = [{ query: 'q1', examples: 4, scores: { frozen: { 'nDCG@10': 0.5 } } }]
    await writeTaskScores(workspace, id, { task: 'wordnet-finds/n1', cards: 'unseen' }, lines)
    expect(await readTaskScores(workspace, id, 'wordnet-finds/n1')).toEqual({ cards: 'unseen', lines })
    expect(() => workspacePaths(workspace).run(id).taskScores('../x')).toThrow(RangeError)
  })
})
