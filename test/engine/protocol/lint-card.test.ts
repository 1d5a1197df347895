import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listTasks } from '../../../src/main/engine/datasets/tasks'
import { lintCard } from '../../../src/main/engine/protocol/lint-card'
import type { LintSubject } from '../../../src/main/engine/protocol/rule'
import { cardSchema } from '../../../src/shared/schemas/card'
import { temporaryFolder } from '../datasets/small-dataset'
import { cleanDataset, DOCUMENTS, lintSubject, TEST, TRAIN, wordVectors } from './made-dataset'

const temporary = temporaryFolder()
let subject: LintSubject
beforeAll(async () => {
  subject = (await lintSubject(temporary.path, cleanDataset())) as LintSubject
})
afterAll(() => temporary.remove())

const pair = (query: string, document: number) => ({ query, document: DOCUMENTS[document].text })

async function codesOf(card: object): Promise<string[]> {
  const { collection, record } = subject
  const [task] = listTasks(collection)
  const findings = await lintCard(
    cardSchema.parse({ id: 'mine', name: 'Mine', description: 'find what answers', ...card }),
    task,
    { record, encode: async (texts) => wordVectors(texts) },
  )
  return findings.map(({ code }) => code)
}

describe('lintCard', () => {
  it('says nothing of a card with examples of train', async () => {
    expect(await codesOf({ examples: [pair(TRAIN[0].text, 0), pair(TRAIN[1].text, 1)] })).toEqual([])
  })

  it('finds an example that is a test query, whatever its id says, and its document', async () => {
    expect(await codesOf({ examples: [pair(` ${TEST[0].text.toUpperCase()}`, 60)] })).toEqual([
      'exemplar-from-test',
      'exemplar-document-from-test',
    ])
  })

  it('finds an example that nearly is a test query', async () => {
    expect(await codesOf({ examples: [pair(`${TEST[0].text.replaceAll(' ', ', ')}!`, 0)] })).toEqual([
      'exemplar-near-test',
    ])
    expect(await codesOf({ examples: [pair(TEST[0].text.split(' ').slice(7).join(' '), 0)] })).toEqual([])
  })

  it('finds a test query in the description, as whole words only', async () => {
    const said = TEST[3].text.replace(' ', ' – ')
    expect(await codesOf({ description: `find “${said}”, and more` })).toEqual([
      'description-says-test-query',
    ])
    expect(await codesOf({ description: `find x${TEST[3].text}` })).toEqual([])
  })

  it('finds examples that ask the same', async () => {
    const examples = [pair(TRAIN[0].text, 0), pair(TRAIN[1].text, 1), pair(`${TRAIN[0].text}  ?`, 2)]
    expect(await codesOf({ examples })).toEqual(['exemplars-alike'])
  })
})
