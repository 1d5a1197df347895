import { createReadStream } from 'node:fs'
import { appendFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineBegins, storedLines, storedTexts } from '../../../src/main/engine/datasets/stored-texts'
import { portionsOf } from '../../../src/main/engine/datasets/text-list'
import { temporaryFolder } from '../../temporary-folder'

/** Texts of a file of JSON lines, as a collection reads them; small chunks, so that lines lie across them. */
async function stored(path: string, highWaterMark = 16) {
  const noted = lineBegins()
  const chunks: Buffer[] = []
  for await (const chunk of noted.noting(createReadStream(path, { highWaterMark }))) chunks.push(chunk)
  const texts = storedTexts(storedLines(path, noted.begins()), ({ text }: { text: string }) => text)
  return { texts, bytes: Buffer.concat(chunks) }
}

const linesOf = (texts: readonly string[], end = '\n') =>
  texts.map((text) => `${JSON.stringify({ text })}${end}`).join('')

describe('storedTexts', () => {
  it('gives what was written, one by one and all in their order, whatever is in it and wherever chunks end', async () => {
    const folder = await temporaryFolder()
    let files = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'binary' })),
        fc.integer({ min: 1, max: 40 }),
        async (written, size) => {
          const path = join(folder, `${files++}.jsonl`)
          await writeFile(path, linesOf(written))
          const { texts, bytes } = await stored(path, size)
          expect(bytes.toString()).toBe(linesOf(written))
          expect(texts.length).toBe(written.length)
          expect([...texts]).toEqual(written)
          expect(written.map((_, place) => texts.at(place))).toEqual(written)
          expect([texts.at(-1), texts.at(written.length)]).toEqual([undefined, undefined])
        },
      ),
      { numRuns: 40 },
    )
  })

  it('reads lines longer than it reads at once, empty lines left out and a last one without an end', async () => {
    const path = join(await temporaryFolder(), 'corpus.jsonl')
    const long = 'é'.repeat(2 ** 20)
    await writeFile(
      path,
      `\n${linesOf(['first', long], '\r\n')}\r\n\n${linesOf([long])}${linesOf(['last'], '')}`,
    )
    const { texts } = await stored(path, 2 ** 16)
    expect([...texts]).toEqual(['first', long, long, 'last'])
    expect(texts.at(2)).toBe(long)
  })

  it('goes on with the file as it was when another takes its place', async () => {
    const path = join(await temporaryFolder(), 'corpus.jsonl')
    await writeFile(path, linesOf(['one', 'two']))
    const { texts } = await stored(path)
    await rm(path)
    await writeFile(path, linesOf(['another']))
    await appendFile(path, linesOf(['and more']))
    expect([...texts]).toEqual(['one', 'two'])
    expect(texts.at(1)).toBe('two')
  })

  it('has nothing of an empty file', async () => {
    const path = join(await temporaryFolder(), 'corpus.jsonl')
    await writeFile(path, '\n')
    const { texts } = await stored(path)
    expect([texts.length, ...texts]).toEqual([0])
  })
})

describe('portionsOf', () => {
  it('hands out all in their order, the last portion the smaller one', () => {
    expect([...portionsOf(['a', 'b', 'c', 'd', 'e'], 2)]).toEqual([['a', 'b'], ['c', 'd'], ['e']])
    expect([...portionsOf(['a', 'b'], 2)]).toEqual([['a', 'b']])
    expect([...portionsOf([], 2)]).toEqual([])
  })
})
