import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openVectorBlocks } from '../../../src/main/engine/encoders/cache/vector-blocks'
import { createMatrix } from '../../../src/main/engine/numeric/matrix'
import type { ServiceContext } from '../../../src/main/services/service-context'
import { clearCaches, listCaches } from '../../../src/main/services/system/caches'
import { workspacePaths } from '../../../src/main/workspace/paths'
import type { JobRecord } from '../../../src/shared/schemas/job'
import { temporaryFolder } from '../../temporary-folder'

const ENCODER = 'all-MiniLM-L6-v2-2fb867e3ac9d'
const NEAREST = 'nearest-20-wordnet-finds-543b873c30cc'

async function filled() {
  const workspace = await temporaryFolder()
  const { vectorCache, teacherCache } = workspacePaths(workspace)
  const keys = ['a', 'b', 'c'].map((letter) => letter.repeat(16))
  await openVectorBlocks(join(vectorCache, ENCODER), 4).write(keys, createMatrix(3, 4))
  await openVectorBlocks(join(vectorCache, ENCODER), 4).write(keys.slice(0, 1), createMatrix(1, 4))
  await openVectorBlocks(join(vectorCache, NEAREST), 4).write(keys, createMatrix(3, 4))
  await mkdir(join(teacherCache, 'lists'), { recursive: true })
  await writeFile(join(teacherCache, 'lists', 'x.safetensors'), 'ten bytes.')
  return workspace
}

function contextOf(workspace: string, jobs: Pick<JobRecord, 'title' | 'state' | 'endedAt'>[] = []) {
  let renewed = 0
  const context = {
    workspace,
    mode: 'write',
    queue: { list: () => jobs },
    session: {
      renew: async () => {
        renewed++
      },
    },
  } as unknown as ServiceContext
  return { context, renewed: () => renewed }
}

describe('the caches of a workspace', () => {
  it('say whose they are, how large, and how many texts would be encoded again', async () => {
    const workspace = await filled()
    const caches = await listCaches(workspace)
    expect(caches).toEqual(
      expect.arrayContaining([
        {
          id: ENCODER,
          kind: 'vectors',
          of: 'all-MiniLM-L6-v2',
          bytes: expect.any(Number),
          files: 2,
          texts: 4,
        },
        {
          id: NEAREST,
          kind: 'nearest',
          of: 'wordnet-finds',
          bytes: expect.any(Number),
          files: 1,
          texts: null,
        },
        { id: 'teachers', kind: 'scores', of: 'teachers', bytes: 10, files: 1, texts: null },
      ]),
    )
    expect(caches.map(({ bytes }) => bytes)).toEqual(caches.map(({ bytes }) => bytes).sort((a, b) => b - a))
    expect(await listCaches(await temporaryFolder())).toEqual([])
  })

  it('hold the queries that models wrote, cleared as one', async () => {
    const workspace = await temporaryFolder()
    const block = join(workspacePaths(workspace).queryCache, 'writer-0123456789ab', 'block.jsonl')
    await mkdir(dirname(block), { recursive: true })
    await writeFile(block, '0123456789')
    expect(await listCaches(workspace)).toEqual([
      { id: 'queries', kind: 'queries', of: 'generators', bytes: 10, files: 1, texts: null },
    ])
    expect(await clearCaches(contextOf(workspace).context, ['queries'])).toEqual({ bytes: 10 })
    expect(await listCaches(workspace)).toEqual([])
  })

  it('are cleared one by one, after the session has let go of them', async () => {
    const workspace = await filled()
    const { context, renewed } = contextOf(workspace)
    expect(await clearCaches(context, ['teachers'])).toEqual({ bytes: 10 })
    await clearCaches(context, [ENCODER])
    expect(renewed()).toBe(2)
    expect((await listCaches(workspace)).map(({ id }) => id)).toEqual([NEAREST])
    expect(await readdir(workspacePaths(workspace).vectorCache)).toEqual([NEAREST])
  })

  it('stay while a job runs or waits, and where one of them is unknown', async () => {
    const workspace = await filled()
    const working = contextOf(workspace, [{ title: 'Train', state: 'queued', endedAt: null }])
    await expect(clearCaches(working.context, [ENCODER])).rejects.toMatchObject({ code: 'CACHE_IN_USE' })
    const { context } = contextOf(workspace, [{ title: 'Train', state: 'done', endedAt: '2026' }])
    await expect(clearCaches(context, [ENCODER, '../runs'])).rejects.toMatchObject({ code: 'CACHE_UNKNOWN' })
    expect(await listCaches(workspace)).toHaveLength(3)
  })
})
