import { describe, expect, it } from 'vitest'
import { desktopDoor } from '../../../src/renderer/api/desktop-door'

const door = (path: string) => desktopDoor({ hydraFiles: { pathOf: () => path } } as unknown as Window)
const signal = new AbortController().signal
const ask = (place: string, path: string) =>
  door(place).pathOf({ name: 'x', files: [{ path, file: {} as File }] }, () => {}, signal)

describe('a file on the desktop', () => {
  it.each([
    ['/data/young.zip', 'young.zip', '/data/young.zip'],
    ['/data/young/corpus.jsonl', 'young/corpus.jsonl', '/data/young'],
    ['/data/young/qrels/test.tsv', 'young/qrels/test.tsv', '/data/young'],
    ['C:\\data\\young\\qrels\\test.tsv', 'young/qrels/test.tsv', 'C:\\data\\young'],
  ])('at %s, picked as %s, is imported from %s', async (place, path, source) => {
    expect(await ask(place, path)).toBe(source)
  })

  it('that has no path is refused', async () => {
    await expect(ask('', 'x.zip')).rejects.toMatchObject({ code: 'UPLOAD_REFUSED' })
  })
})
