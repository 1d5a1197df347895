import { describe, expect, it } from 'vitest'
import { reachForPush, reachIndex, usualEngine } from '../../../src/main/services/indexes/reach-index'
import { writeIndexRecord } from '../../../src/main/workspace/index-files'
import { temporaryFolder } from '../../temporary-folder'

const record = { version: 1, name: 'docs', engine: 'memory', options: { threads: 1 }, pushed: null } as const

describe('finding an index by its name', () => {
  it('takes the engine and options of the last push, and what is said in their place', async () => {
    const workspace = await temporaryFolder()
    await writeIndexRecord(workspace, record)
    expect(await reachIndex(workspace, { name: 'docs', options: {} })).toEqual({
      name: 'docs',
      engine: 'memory',
      options: { threads: 1 },
    })
    const said = await reachIndex(workspace, {
      name: 'docs',
      engine: 'memory',
      options: { heldMegabytes: 5 },
    })
    expect(said.options).toEqual({ threads: 1, heldMegabytes: 5 })
  })

  it('refuses names that are unknown, unsafe or of several engines, and engines and options that there are not', async () => {
    const workspace = await temporaryFolder()
    await writeIndexRecord(workspace, record)
    const codeOf = (asked: Parameters<typeof reachIndex>[1]) =>
      reachIndex(workspace, asked).then(
        () => null,
        ({ code }) => code,
      )
    expect(await codeOf({ name: 'dots', options: {} })).toBe('INDEX_UNKNOWN')
    expect(await codeOf({ name: '../docs', options: {} })).toBe('USAGE')
    expect(await codeOf({ name: 'docs', engine: 'abacus', options: {} })).toBe('OPTION_UNKNOWN')
    expect(await codeOf({ name: 'docs', options: { threads: -1 } })).toBe('USAGE')
    await writeIndexRecord(workspace, { ...record, engine: 'pgvector', options: {} })
    expect(await codeOf({ name: 'docs', options: {} })).toBe('USAGE')
    expect(await codeOf({ name: 'docs', engine: 'memory', options: {} })).toBeNull()
  })

  it('pushes a new one where its size fits, and an old one where it is', async () => {
    const workspace = await temporaryFolder()
    const [none, all] = [() => false, () => true]
    expect(usualEngine(200_000, all)).toBe('memory')
    expect(usualEngine(200_001, all)).toBe('lancedb')
    expect(usualEngine(200_001, none)).toBe('memory')
    await writeIndexRecord(workspace, record)
    const asked = { name: 'docs', options: {} }
    expect((await reachForPush(workspace, asked, 1_000_000, all)).engine).toBe('memory')
  })
})
