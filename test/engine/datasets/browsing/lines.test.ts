import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { indexLines } from '../../../../src/main/engine/datasets/browsing/line-index'
import { readLineRange } from '../../../../src/main/engine/datasets/browsing/read-line-range'
import { scanLines } from '../../../../src/main/engine/datasets/browsing/scan-lines'
import { temporaryFolder } from '../../../temporary-folder'

const LINES = fc.array(
  fc.string({ unit: 'grapheme', maxLength: 30 }).map((text) => `x${text.replace(/[\r\n]/g, '')}`),
  {
    maxLength: 400,
  },
)

describe('an index of lines', () => {
  it('finds any range of any file, with and without a last line end', async () => {
    const path = join(await temporaryFolder(), 'lines.txt')
    await fc.assert(
      fc.asyncProperty(LINES, fc.boolean(), fc.nat(420), fc.nat(120), async (lines, ended, from, count) => {
        await writeFile(path, lines.join('\n') + (ended && lines.length > 0 ? '\n' : ''))
        const index = await indexLines(path)
        expect(index.lines).toBe(lines.length)
        expect(await readLineRange(index, from, count)).toEqual(lines.slice(from, from + count))
        const scanned: string[] = []
        let next = from
        for await (const batch of scanLines(index, from)) {
          expect(batch.first).toBe(next)
          next += batch.lines.length
          scanned.push(...batch.lines)
        }
        expect(scanned).toEqual(lines.slice(from))
      }),
      { numRuns: 60 },
    )
  })

  it('keeps the same beginnings however the file is cut into chunks', async () => {
    const path = join(await temporaryFolder(), 'long.txt')
    const lines = Array.from({ length: 3000 }, (_, i) => `${i} ${'word '.repeat(i % 300)}`)
    await writeFile(path, `${lines.join('\n')}\n`)
    const index = await indexLines(path)
    expect(index.bytes).toBeGreaterThan(2 ** 20)
    for (const row of [0, 63, 64, 65, 1499, 2999])
      expect(await readLineRange(index, row, 1)).toEqual([lines[row]])
    expect(await readLineRange(index, 2990, 100)).toEqual(lines.slice(2990))
    expect(await readLineRange(index, 3000, 5)).toEqual([])
  })
})
