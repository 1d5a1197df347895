import { describe, expect, it } from 'vitest'
import { findKey } from '../../../src/main/pipeline/models/find-key'
import { type Keyring, openKeychain } from '../../../src/main/pipeline/models/keychain'
import { removeKey, setKey } from '../../../src/main/services/system/keys'

/** A keyring in memory, or one that answers nothing but a failure. */
function keyringOf(kept: Map<string, string>, failure?: string): Keyring {
  return {
    Entry: class {
      readonly place: string
      constructor(service: string, name: string) {
        this.place = `${service} ${name}`
        if (failure) throw new Error(failure)
      }
      getPassword = () => kept.get(this.place) ?? null
      setPassword = (key: string) => void kept.set(this.place, key)
      deletePassword = () => kept.delete(this.place)
    },
  }
}

const opening = (keyring: Keyring | null) => () => openKeychain(async () => keyring)

describe('keys of services', () => {
  it('come from the environment, then from the keychain, and are taken away again', async () => {
    const kept = new Map<string, string>()
    const open = opening(keyringOf(kept))
    const find = (environment: Record<string, string>) => findKey('VOYAGE_KEY', environment, open)
    expect(await find({})).toBeNull()
    await setKey('VOYAGE_KEY', ' pa-1234\n', open)
    expect([...kept]).toEqual([['hydra-workbench VOYAGE_KEY', 'pa-1234']])
    expect(await find({ VOYAGE_KEY: '  ' })).toEqual({ key: 'pa-1234', from: 'keychain' })
    expect(await find({ VOYAGE_KEY: 'pa-5678' })).toEqual({ key: 'pa-5678', from: 'environment' })
    expect(await findKey('OTHER_KEY', {}, open)).toBeNull()
    expect(await removeKey('VOYAGE_KEY', open)).toBe(true)
    expect(await removeKey('VOYAGE_KEY', open)).toBe(false)
    expect(await find({})).toBeNull()
  })

  it('without a keychain are those of the environment, and cannot be kept', async () => {
    for (const open of [opening(null), opening(keyringOf(new Map(), 'no secret service'))]) {
      expect(await findKey('KEY', {}, open)).toBeNull()
      expect(await findKey('KEY', { KEY: 'k' }, open)).toEqual({ key: 'k', from: 'environment' })
      await expect(setKey('KEY', 'k', open)).rejects.toMatchObject({ code: 'KEYCHAIN_UNAVAILABLE' })
      await expect(removeKey('KEY', open)).rejects.toMatchObject({ code: 'KEYCHAIN_UNAVAILABLE' })
    }
  })

  it('are refused where they are none, or stand in the place of the name, and then are not repeated', async () => {
    const open = opening(keyringOf(new Map()))
    for (const key of ['', ' \n', 'two words', 'a\nb'])
      await expect(setKey('KEY', key, open)).rejects.toMatchObject({ code: 'USAGE' })
    const thrown = await setKey('sk-proj-1234', 'x', open).catch((error) => error)
    expect(thrown.code).toBe('USAGE')
    expect(JSON.stringify([thrown.message, thrown.detail])).not.toContain('1234')
  })
})
