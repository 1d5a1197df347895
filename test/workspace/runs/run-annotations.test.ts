import { readFile, writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { workspacePaths } from '../../../src/main/workspace/paths'
import {
  annotateRun,
  readAnnotations,
  readAnnotationsOrNone,
} from '../../../src/main/workspace/runs/run-annotations'
import { createRun } from '../../../src/main/workspace/runs/run-folder'
import { runDraft } from '../../run-draft'
import { temporaryFolder } from '../../temporary-folder'

const at = new Date(2026, 2, 4, 5, 6, 7)

async function run() {
  const workspace = await temporaryFolder()
  const { id } = await createRun(workspace, runDraft(), 'x', at)
  return { workspace, id, paths: workspacePaths(workspace).run(id) }
}

describe('what a person wrote about a run', () => {
  it('is nothing at first, and what is not said stays', async () => {
    const { workspace, id } = await run()
    expect(await readAnnotations(workspace, id)).toEqual({
      version: 1,
      name: null,
      tags: [],
      notes: '',
      archived: false,
    })
    await annotateRun(workspace, id, { name: 'Wide', tag: ['paper', 'a'] })
    await annotateRun(workspace, id, {
      notes: 'Longer queries.',
      archived: true,
      untag: ['a'],
      tag: ['paper'],
    })
    expect(await readAnnotations(workspace, id)).toEqual({
      version: 1,
      name: 'Wide',
      tags: ['paper'],
      notes: 'Longer queries.',
      archived: true,
    })
    expect((await annotateRun(workspace, id, { name: null })).name).toBeNull()
  })

  it('never touches run.json', async () => {
    const { workspace, id, paths } = await run()
    const before = await readFile(paths.record, 'utf8')
    await annotateRun(workspace, id, { name: 'Wide' })
    expect(await readFile(paths.record, 'utf8')).toBe(before)
  })

  it('loses no tag of many that are written at once', async () => {
    const { workspace, id } = await run()
    const tags = ['b', 'c', 'd', 'a']
    await Promise.all(tags.map((tag) => annotateRun(workspace, id, { tag: [tag] })))
    expect((await readAnnotations(workspace, id)).tags).toEqual(['a', 'b', 'c', 'd'])
  })

  it('is not written over a file that cannot be read, and such a file hides no run', async () => {
    const { workspace, id, paths } = await run()
    await writeFile(paths.annotations, '{"version": 1, "name": 7}')
    await expect(annotateRun(workspace, id, { archived: true })).rejects.toMatchObject({
      code: 'FILE_INVALID',
    })
    expect((await readAnnotationsOrNone(workspace, id)).archived).toBe(false)
  })

  it.each(['nope', '../etc'])('answers RUN_UNKNOWN for %j', async (id) => {
    const { workspace } = await run()
    await expect(annotateRun(workspace, id, { archived: true })).rejects.toMatchObject({
      code: 'RUN_UNKNOWN',
    })
  })
})
