import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { importBeir } from '../../../../src/main/engine/datasets/importing/import-beir'
import { smallDataset, temporaryFolder, writeFolder, zipOf } from '../small-dataset'

let temporary: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  temporary = temporaryFolder()
})
afterEach(() => temporary.remove())

const now = () => new Date(0)
function importBytes(bytes: Uint8Array) {
  const source = join(temporary.path, 'small.zip')
  writeFileSync(source, bytes)
  return importBeir({ source, workspace: join(temporary.path, 'workspace'), now })
}
const left = () => readdirSync(temporary.path).filter((name) => name !== 'small.zip')

/** Places of the central directory's records (signature PK 01 02). */
function centralRecords(zip: Uint8Array): number[] {
  const bytes = Buffer.from(zip.buffer, zip.byteOffset, zip.byteLength)
  const places: number[] = []
  for (let at = bytes.indexOf('PK\x01\x02'); at >= 0; at = bytes.indexOf('PK\x01\x02', at + 4))
    places.push(at)
  return places
}

describe('a dataset in a zip', () => {
  it('is the same dataset as its folder', async () => {
    const zipped = await importBytes(zipOf(smallDataset()))
    const source = writeFolder(join(temporary.path, 'small'), smallDataset())
    const workspace = join(temporary.path, 'second')
    const unzipped = await importBeir({ source, workspace, now })
    expect({ ...zipped, source: '' }).toEqual({ ...unzipped, source: '' })
  })

  it('may lie in a folder of the zip, beside what macOS adds', async () => {
    const inner = Object.fromEntries(
      Object.entries(smallDataset()).flatMap(([path, text]) => [
        [`inner/${path}`, text],
        [`__MACOSX/inner/${path}`, 'x'],
      ]),
    )
    expect((await importBytes(zipOf({ ...inner, 'inner/': '' }))).documents).toBe(4)
  })

  it('names file and line inside the zip', async () => {
    const files = { ...smallDataset(), 'qrels/test.tsv': 'query-id\tcorpus-id\tscore\nq9\td1\t1\n' }
    await expect(importBytes(zipOf(files))).rejects.toMatchObject({
      code: 'QRELS_UNKNOWN_QUERY',
      detail: { where: 'small.zip/qrels/test.tsv:2' },
    })
  })
})

describe('a zip that cannot be trusted', () => {
  it.each(['../evil.txt', 'a/../../evil.txt', '/etc/evil', 'C:/evil.txt', '..\\evil.txt', 'C:\\evil.txt'])(
    'entry %s is ZIP_UNSAFE',
    async (name) => {
      await expect(importBytes(zipOf({ ...smallDataset(), [name]: 'x' }))).rejects.toMatchObject({
        code: 'ZIP_UNSAFE',
      })
      expect(left()).toEqual([])
    },
  )

  it('a symbolic link is ZIP_UNSAFE', async () => {
    const files = Object.fromEntries(
      Object.entries(smallDataset()).map(([path, text]) => [path, Buffer.from(text)] as const),
    )
    const link = [Buffer.from('/etc/passwd'), { os: 3, attrs: (0o120777 << 16) >>> 0 }] as const
    const bytes = zipSync({ ...files, link: [link[0], link[1]] })
    await expect(importBytes(bytes)).rejects.toMatchObject({ code: 'ZIP_UNSAFE' })
  })

  it('more than 4 GiB unpacked is ZIP_UNSAFE', async () => {
    const bytes = zipOf(smallDataset())
    const view = new DataView(bytes.buffer, bytes.byteOffset)
    for (const at of centralRecords(bytes).slice(0, 2)) view.setUint32(at + 24, 0xf0000000, true)
    await expect(importBytes(bytes)).rejects.toMatchObject({ code: 'ZIP_UNSAFE' })
    expect(left()).toEqual([])
  })

  it('a size that the entry does not keep to is ZIP_INVALID', async () => {
    const bytes = zipOf(smallDataset())
    const view = new DataView(bytes.buffer, bytes.byteOffset)
    for (const at of centralRecords(bytes)) view.setUint32(at + 24, 10, true)
    await expect(importBytes(bytes)).rejects.toMatchObject({ code: 'ZIP_INVALID' })
  })

  it('a wrong checksum is ZIP_INVALID', async () => {
    const bytes = zipOf(smallDataset())
    const view = new DataView(bytes.buffer, bytes.byteOffset)
    for (const at of centralRecords(bytes)) view.setUint32(at + 16, 1, true)
    await expect(importBytes(bytes)).rejects.toMatchObject({ code: 'ZIP_INVALID' })
  })

  it('text that calls itself a zip is ZIP_INVALID', async () => {
    await expect(importBytes(Buffer.from('not a zip at all, only text'))).rejects.toMatchObject({
      code: 'ZIP_INVALID',
    })
    expect(left()).toEqual([])
  })

  it.each([0.1, 0.5, 0.9, 0.99])('a zip cut at %f of its length is ZIP_INVALID', async (share) => {
    const bytes = zipOf(smallDataset())
    await expect(importBytes(bytes.subarray(0, Math.floor(bytes.length * share)))).rejects.toMatchObject({
      code: 'ZIP_INVALID',
    })
    expect(left()).toEqual([])
  })
})
