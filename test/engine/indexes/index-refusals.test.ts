import { describe, expect, it } from 'vitest'
import { requireNext } from '../../../src/main/engine/indexes/index-refusals'
import { madeOf } from './made-rows'

describe('the manifest of a push', () => {
  const manifest = (generation: number) => ({
    version: 1 as const,
    generation,
    ...madeOf(),
    documents: 1,
    pushedAt: '',
  })

  it('follows the one that is there, and no other', () => {
    expect(() => requireNext(null, manifest(1))).not.toThrow()
    expect(() => requireNext(manifest(4), manifest(5))).not.toThrow()
    for (const [before, next] of [
      [null, 2],
      [5, 5],
      [6, 5],
    ] as const)
      expect(() => requireNext(before === null ? null : manifest(before), manifest(next))).toThrow(
        expect.objectContaining({ code: 'INDEX_CHANGED' }),
      )
  })
})
