import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readLines } from '../../../../src/main/engine/datasets/importing/read-lines'

async function* chunksOf(bytes: Buffer, size: number) {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size)
}
async function linesOf(bytes: Buffer, size: number) {
  const lines: string[] = []
  let total = 0
  for await (const batch of readLines(chunksOf(bytes, size), 'file')) {
    expect(batch.first).toBe(lines.length + 1)
    lines.push(...batch.lines)
    total += batch.bytes
  }
  expect(total).toBe(bytes.length)
  return lines
}

describe('readLines', () => {
  it('gives back any lines, wherever the chunks are cut', async () => {
    const line = fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[\r\n\uFEFF]/g, '') || 'é😀')
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 1 }),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        async (lines, size, end, closed) => {
          const bytes = Buffer.from(lines.join(end) + (closed ? end : ''))
          expect(await linesOf(bytes, size)).toEqual(lines)
        },
      ),
    )
  })

  it('drops a byte order mark', async () => {
    expect(await linesOf(Buffer.from('\uFEFFa\nb'), 100)).toEqual(['a', 'b'])
  })

  it('names the line that is not UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from('é\nok\n'), Buffer.from([0xff, 0x0a]), Buffer.from('more\n')])
    await expect(linesOf(bytes, 1000)).rejects.toMatchObject({
      code: 'DATASET_LINE',
      detail: { where: 'file:3' },
    })
  })

  it('stops when cancelled', async () => {
    const reading = readLines(chunksOf(Buffer.from('a\nb\n'), 2), 'file', AbortSignal.abort())
    await expect(reading.next()).rejects.toMatchObject({ code: 'CANCELLED' })
  })
})
