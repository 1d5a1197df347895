import { describe, expect, it } from 'vitest'
import { fromInput } from '../../../../src/renderer/datasets/importing/picked-files'

const file = (name: string, path = '') => ({ name, webkitRelativePath: path }) as File

describe('files that were chosen', () => {
  it('are datasets of their own where each is a file', () => {
    expect(fromInput([file('a.zip'), file('b.zip')]).map(({ name, files }) => [name, files.length])).toEqual([
      ['a.zip', 1],
      ['b.zip', 1],
    ])
  })

  it('are one dataset where they are a folder, of which only what a dataset is made of is sent', () => {
    const paths = [
      'young/corpus.jsonl',
      'young/qrels/test.tsv',
      'young/readme.md',
      'young/.git/config.json',
      'young/a/b/c/d/deep.tsv',
    ]
    const [young, ...more] = fromInput(paths.map((path) => file(path.split('/').at(-1)!, path)))
    expect(more).toEqual([])
    expect(young.name).toBe('young')
    expect(young.files.map(({ path }) => path)).toEqual(['young/corpus.jsonl', 'young/qrels/test.tsv'])
    expect(fromInput([file('readme.md', 'empty/readme.md')])).toEqual([])
  })
})
