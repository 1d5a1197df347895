import { appendFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readDocuments } from '../../../src/main/engine/datasets/load-texts'
import { temporaryFolder } from '../../temporary-folder'

const DOCUMENTS = [
  { _id: 'a', title: ' A title ', text: 'and its text' },
  { _id: 'b', title: null, text: ' ünd « quotes » \n\t' },
  { _id: 'c', text: '' },
  { _id: 'd', title: '', text: 'the last', metadata: { year: 1998 } },
]

it('reads the same documents of a collection whose texts stay on disk', async () => {
  const folder = await temporaryFolder()
  const lines = DOCUMENTS.map((document) => `${JSON.stringify(document)}\n`)
  await writeFile(join(folder, 'corpus.jsonl'), lines.join(''))
  const inMemory = await readDocuments(folder, DOCUMENTS.length)
  const stored = await readDocuments(folder, DOCUMENTS.length, 1)
  expect(Array.isArray(inMemory.texts)).toBe(true)
  expect(Array.isArray(stored.texts)).toBe(false)
  expect(stored.ids).toEqual(inMemory.ids)
  expect([...stored.texts]).toEqual(['A title  and its text', 'ünd « quotes »', '', 'the last'])
  expect([...stored.texts]).toEqual(inMemory.texts)
  expect([...stored.titles!]).toEqual(inMemory.titles)
  expect(stored.texts.at(1)).toBe(inMemory.texts.at(1))
})

it('refuses lines that hold nothing but spaces, which an import never writes', async () => {
  const folder = await temporaryFolder()
  const path = join(folder, 'corpus.jsonl')
  await writeFile(path, `${JSON.stringify(DOCUMENTS[0])}\n`)
  await appendFile(path, '    \n')
  await expect(readDocuments(folder, 1, 1)).rejects.toMatchObject({ code: 'FILE_INVALID' })
})
