import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cardFileOf, cardRoute } from '../../../src/main/hosts/electron/card-file'
import { unpackedRoot } from '../../../src/main/hosts/electron/unpacked-root'

describe('a card file on a command line', () => {
  it.each([
    [['hydra', '/home/a b/Find.HydraCard'], '/home/a b/Find.HydraCard'],
    [['hydra', '--workspace', '/w', 'one.hydracard', '--flag'], '/here/one.hydracard'],
    [['hydra', 'one.hydracard', 'two.hydracard'], '/here/two.hydracard'],
    [['hydra', '--file=x.hydracard'], null],
    [['hydra.hydracard'], null],
    [['hydra', 'card.json'], null],
  ])('%j', (words, file) => {
    expect(cardFileOf(words, '/here')).toBe(file && resolve(file))
  })

  it('stands in an address whole', () => {
    const file = '/a b/ä&#?.hydracard'
    const [path, query] = cardRoute(file).split('?')
    expect(path).toBe('/cards')
    expect(new URLSearchParams(query).get('import')).toBe(file)
  })
})

describe('the files of an installed application', () => {
  it.each([
    ['/opt/hydra/resources/app.asar', '/opt/hydra/resources/app.asar.unpacked'],
    ['/home/me/hydra', '/home/me/hydra'],
    ['/home/me/myapp.asar.d', '/home/me/myapp.asar.d'],
  ])('of %s lie under %s', (packed, unpacked) => {
    expect(unpackedRoot(packed)).toBe(unpacked)
  })
})
