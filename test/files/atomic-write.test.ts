import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readJson, TEMPORARY_FILE, writeFileAtomic, writeJsonAtomic } from '../../src/main/files/atomic-write'
import { temporaryFolder } from '../temporary-folder'

describe('writeFileAtomic', () => {
  it('makes folders, replaces what was there and leaves nothing else behind', async () => {
    const folder = join(await temporaryFolder(), 'a', 'b')
    const path = join(folder, 'x.bin')
    await writeFileAtomic(path, 'old')
    await writeFileAtomic(path, new Uint8Array([1, 2, 3]))
    expect([...(await readFile(path))]).toEqual([1, 2, 3])
    expect(await readdir(folder)).toEqual(['x.bin'])
  })

  it('shows readers whole versions only, however often it is written', async () => {
    const path = join(await temporaryFolder(), 'x.json')
    const long = 'y'.repeat(200_000)
    await writeJsonAtomic(path, { version: 1, text: long } as { version: number })
    let writing = true
    const writer = (async () => {
      for (let i = 0; i < 20; i++)
        await writeJsonAtomic(path, { version: i, text: long } as { version: number })
      writing = false
    })()
    let reads = 0
    while (writing) {
      expect(JSON.parse(await readFile(path, 'utf8')).text).toHaveLength(long.length)
      reads++
    }
    await writer
    expect(reads).toBeGreaterThan(0)
  })

  it('removes its temporary file when the rename fails', async () => {
    const folder = await temporaryFolder()
    // A folder that is not empty can't be replaced by a file.
    await mkdir(join(folder, 'taken'))
    await writeFile(join(folder, 'taken', 'inside'), '')
    await expect(writeFileAtomic(join(folder, 'taken'), 'x')).rejects.toThrow()
    expect(await readdir(folder)).toEqual(['taken'])
  })

  it('signs temporary files with the writer’s pid', () => {
    expect(TEMPORARY_FILE.exec('.run.json.4711-0a1b2c3d.tmp')?.[1]).toBe('4711')
    expect(TEMPORARY_FILE.test('run.json')).toBe(false)
  })
})

describe('readJson', () => {
  const schema = z.strictObject({ version: z.literal(1), name: z.string() })

  it.each([
    ['FILE_MISSING', null],
    ['FILE_INVALID', '{"version":1,'],
    ['FILE_INVALID', '{"version":1,"name":7}'],
  ])('answers %s for %s', async (code, text) => {
    const path = join(await temporaryFolder(), 'x.json')
    if (text !== null) await writeFile(path, text)
    await expect(readJson(path, schema)).rejects.toMatchObject({ code, detail: { where: path } })
  })
})
