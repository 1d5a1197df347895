import { execFile } from 'node:child_process'
import { cp, readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from './temporary-folder'

const FIXTURE = resolve(import.meta.dirname, 'fixtures', 'workspace-0.1')
const HYDRA = resolve(import.meta.dirname, '..', 'bin', 'hydra.mjs')

describe('a workspace of 0.1', { timeout: 180_000 }, () => {
  it('opens, is read, and is written to', async () => {
    const workspace = await temporaryFolder()
    await cp(FIXTURE, workspace, { recursive: true })
    const hydra = async (...words: string[]) => {
      const all = [HYDRA, ...words, '--json', '--workspace', workspace]
      return JSON.parse((await promisify(execFile)(process.execPath, all)).stdout)
    }
    const [run] = await readdir(join(FIXTURE, 'runs'))
    const before = JSON.parse(await readFile(join(FIXTURE, 'runs', run, 'run.json'), 'utf8'))
    expect(before).toMatchObject({ version: 1, app: '0.1.0' })

    expect(await hydra('runs', 'list')).toMatchObject([{ id: run, state: 'done', app: '0.1.0' }])
    const { recipe: _older, request, ...kept } = before
    expect(request).toMatchObject({ holdOut: 'strict', seed: 1 })
    const { run: record, verdict } = await hydra('runs', 'show', run)
    // What was called strict then looked one way; the one seed drew the split too.
    expect(record).toMatchObject({ ...kept, request: { ...request, holdOut: 'one-way', splitSeed: 1 } })
    expect(verdict.words).toMatch(/task card/)
    expect(await hydra('datasets', 'show', 'trees')).toMatchObject({
      documents: 10,
      tasks: [{ id: 'trees' }],
    })

    // Per-query scores are read back: every pair of rows is tested on the ten queries.
    const compared = JSON.stringify(await hydra('compare', run))
    for (const row of ['frozen', 'no card', 'task card']) expect(compared).toContain(`"${row}"`)

    // Opened to write: the next run stands beside the old one.
    expect((await hydra('evaluate', '--frozen', '--tasks', 'trees')).rows).toMatchObject([{ n: 10 }])
    expect(await hydra('runs', 'list')).toHaveLength(2)
    expect(JSON.parse(await readFile(join(workspace, 'runs', run, 'run.json'), 'utf8'))).toEqual(before)
  })
})
