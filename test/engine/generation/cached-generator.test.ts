import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { QueryGenerator } from '../../../src/main/engine/encoders/transformers/query-generator'
import { cachedGenerator } from '../../../src/main/engine/generation/cached-generator'
import { throwIfCancelled } from '../../../src/shared/errors'
import { temporaryFolder } from '../../temporary-folder'

/** Writes a document backwards, and notes what it was asked. */
function backwards(asked: string[], fingerprint = 'f'.repeat(64)): QueryGenerator {
  return {
    id: 'org/backwards',
    fingerprint,
    async generate(documents, { signal, onProgress, onQueries } = {}) {
      const all: string[][] = []
      for (const [row, document] of documents.entries()) {
        throwIfCancelled(signal)
        asked.push(document)
        all.push([[...document].reverse().join('')])
        onQueries?.([row], [all[row]])
        onProgress?.(row + 1, documents.length)
      }
      return all
    },
    async dispose() {},
  }
}

describe('the cache of generated queries', () => {
  it('asks for a document once, whoever asks again, and tells of all of them', async () => {
    const folder = await temporaryFolder()
    const asked: string[] = []
    const told: number[] = []
    const first = await cachedGenerator(backwards(asked), folder).generate(['ab', 'cd', 'ab'])
    const again = cachedGenerator(backwards(asked), folder)
    const second = await again.generate(['cd', 'ef', 'ab'], { onProgress: (done) => told.push(done) })
    expect(first).toEqual([['ba'], ['dc'], ['ba']])
    expect(second).toEqual([['dc'], ['fe'], ['ba']])
    expect(asked).toEqual(['ab', 'cd', 'ef'])
    expect(told).toEqual([2, 3])
    // Another model, seed or prompt has a fingerprint and a folder of its own.
    await cachedGenerator(backwards(asked, 'e'.repeat(64)), folder).generate(['ab'])
    expect(asked).toEqual(['ab', 'cd', 'ef', 'ab'])
  })

  it('keeps what was written before a stop, and writes a damaged block anew', async () => {
    const folder = await temporaryFolder()
    const asked: string[] = []
    const documents = Array.from({ length: 40 }, (_, i) => `document ${i}`)
    const controller = new AbortController()
    const stopped = cachedGenerator(backwards(asked), folder).generate(documents, {
      signal: controller.signal,
      onProgress: (done) => {
        if (done === 35) controller.abort()
      },
    })
    await expect(stopped).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(asked).toHaveLength(35)
    await cachedGenerator(backwards(asked), folder).generate(documents)
    expect(asked).toHaveLength(40)
    const [model] = await readdir(folder)
    const blocks = (await readdir(join(folder, model))).sort()
    expect(blocks).toHaveLength(3)
    await writeFile(join(folder, model, blocks[0]), 'no JSON\n')
    const all = await cachedGenerator(backwards(asked), folder).generate(documents)
    expect(all.every((queries) => queries.length === 1)).toBe(true)
    expect(asked.length).toBeGreaterThan(40)
  })
})
