import { describe, expect, it } from 'vitest'
import {
  type PlaygroundState,
  readAddress,
  writeAddress,
} from '../../../src/renderer/playground/playground-address'

const USUAL = readAddress({})

/** As the router would hand it back: texts only, what is undefined left out. */
const through = (state: PlaygroundState) =>
  readAddress(JSON.parse(JSON.stringify(writeAddress(state))) as Record<string, string>)

describe('the playground’s address', () => {
  it('says nothing while all is as usual', () => {
    expect(JSON.stringify(writeAddress(USUAL))).toBe('{}')
  })

  it('brings back all that was on screen', () => {
    const state: PlaygroundState = {
      run: 'demo',
      dataset: 'wordnet-finds',
      query: 'bread & butter, 100 %',
      systems: ['frozen', 'another card', 'fused'],
      base: 'wordnet-finds/n1',
      draft: {
        description: 'find the food',
        domain: 'cooking',
        queryType: 'a word',
        examples: [{ query: 'morning', document: 'porridge: a soft food' }],
      },
      judge: 'wordnet-finds/n1',
      handOut: 'task card',
      otherTask: 'wordnet-finds/n2',
      otherRun: 'demo-2',
      blend: { alpha: 0.35, other: -0.5, bm25: 0.6, normalisation: 'z-score' },
      document: 'd9',
    }
    expect(through(state)).toEqual(state)
  })

  it('takes the plain link with a description, as it was before', () => {
    expect(readAddress({ q: 'wedding', describe: 'find the tree' }).draft).toEqual({
      description: 'find the tree',
      domain: '',
      queryType: '',
      examples: [],
    })
  })

  it('opens in spite of what it cannot read', () => {
    const state = readAddress({
      card: '{"description":"cut o',
      alpha: 'much',
      add: '-7',
      systems: 'nonsense',
      scale: 'ranks',
    })
    expect(state).toEqual({ ...USUAL, blend: { ...USUAL.blend, other: -1 } })
  })

  it('reads the name that rankings had before', () => {
    expect(readAddress({ arms: 'frozen,BM25' }).systems).toEqual(['frozen', 'BM25'])
  })
})
