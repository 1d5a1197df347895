import { describe, expect, it } from 'vitest'
import { remoteName } from '../../../src/main/engine/indexes/remote-name'

describe('the name of an index in an engine', () => {
  it('is its own where that will do', () => {
    expect(remoteName('scifact')).toBe('hydra_scifact')
  })

  it('is letters, digits and underscores, short, and of no two indexes the same', () => {
    const names = ['a-b', 'a_b', 'a.b', 'A_b', 'é'.repeat(100), `${'x'.repeat(60)}1`, `${'x'.repeat(60)}2`]
    const remote = names.map(remoteName)
    for (const name of remote) expect(name).toMatch(/^hydra_[a-z0-9_]{1,52}$/)
    expect(new Set(remote).size).toBe(names.length)
  })
})
