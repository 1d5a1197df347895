import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  listCardFiles,
  listCardVersions,
  removeCardFile,
  restoreCardVersion,
  writeCardFile,
} from '../../src/main/workspace/card-files'
import { formatCard, parseCard } from '../../src/main/workspace/card-text'
import { workspacePaths } from '../../src/main/workspace/paths'
import { HydraError } from '../../src/shared/errors'
import { cardSchema, type TaskCard } from '../../src/shared/schemas/card'
import { temporaryFolder } from '../temporary-folder'

const make = (description: string, more: Partial<TaskCard> = {}): TaskCard =>
  cardSchema.parse({ id: 'mine', name: 'Mine', description, ...more })
const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 9, 0, second))

function failureOf(text: string): HydraError {
  try {
    parseCard(text, 'card.md')
  } catch (error) {
    if (error instanceof HydraError) return error
  }
  throw new Error('it was taken for a card')
}

describe('a card as text', () => {
  const words = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => text.trim() !== '')
  const anyCard = fc
    .record(
      {
        id: fc.constant('mine'),
        name: words,
        description: words,
        domain: words,
        queryType: words,
        examples: fc.array(fc.record({ query: words, document: words }), { maxLength: 3 }),
        wordings: fc.array(words, { minLength: 1, maxLength: 3 }),
      },
      { requiredKeys: ['id', 'name', 'description'] },
    )
    .map((card) => cardSchema.parse(card))

  it('comes back as it was, in either writing', () => {
    fc.assert(
      fc.property(anyCard, (card) => {
        for (const format of ['json', 'yaml'] as const)
          expect(parseCard(formatCard(card, format))).toEqual(card)
      }),
    )
  })

  it('has its description below its fields', () => {
    expect(formatCard(make('find it', { domain: 'music' }), 'yaml')).toBe(
      '---\nversion: 1\nid: mine\nname: Mine\ndomain: music\n---\n\nfind it\n',
    )
    expect(parseCard('---\r\nid: a\r\nname: A\r\n---\r\nfind\r\n---\r\nmore\r\n').description).toBe(
      'find\r\n---\r\nmore',
    )
  })

  it('names the line of what is wrong', () => {
    expect(
      failureOf('---\nid: a\nname: A\nexamples:\n  - query: q\n    document: ""\n---\nfind'),
    ).toMatchObject({
      code: 'CARD_INVALID',
      detail: { where: 'card.md:6' },
    })
    expect(failureOf('---\nid: a\nname: A\nspell: x\n---\nfind').code).toBe('CARD_INVALID')
    expect(failureOf('{\n  "id": "a",\n  "name": 7,\n  "description": "find"\n}').detail.where).toBe(
      'card.md:3',
    )
    expect(failureOf('---\nid: a\ndescription: d\nname: A\n---\nfind').detail.where).toBe('card.md:3')
    for (const text of ['', '[]', 'find it', '---\nid: [\n---\nx'])
      expect(failureOf(text).code).toBe('CARD_INVALID')
  })
})

describe('a card file', () => {
  it('keeps what it was each time it changes, and not where nothing does', async () => {
    const workspace = await temporaryFolder()
    await writeCardFile(workspace, make('one'), at(0))
    await writeCardFile(workspace, make('two'), at(1))
    await writeCardFile(workspace, make('two'), at(2))
    await writeCardFile(workspace, make('three'), at(3))
    const versions = await listCardVersions(workspace, 'mine')
    expect(versions.map(({ until, card }) => [until, card.description])).toEqual([
      ['2026-01-01T09:00:03.000Z', 'two'],
      ['2026-01-01T09:00:01.000Z', 'one'],
    ])
    expect((await listCardFiles(workspacePaths(workspace).cards)).map((card) => card.description)).toEqual([
      'three',
    ])
  })

  it('goes back to a version, and back again', async () => {
    const workspace = await temporaryFolder()
    await writeCardFile(workspace, make('one'), at(0))
    await writeCardFile(workspace, make('two'), at(1))
    const [{ version }] = await listCardVersions(workspace, 'mine')
    expect(await restoreCardVersion(workspace, { id: 'mine', version }, at(2))).toEqual(make('one'))
    const [newest] = await listCardVersions(workspace, 'mine')
    expect(newest.card).toEqual(make('two'))
    for (const version of ['20200101T000000.000Z', '../mine'])
      await expect(restoreCardVersion(workspace, { id: 'mine', version }, at(3))).rejects.toMatchObject({
        code: 'CARD_UNKNOWN',
      })
  })

  it('comes back after it was deleted', async () => {
    const workspace = await temporaryFolder()
    const paths = workspacePaths(workspace)
    await writeCardFile(workspace, make('one'), at(0))
    const version = await removeCardFile(workspace, 'mine', at(1))
    expect(await listCardFiles(paths.cards)).toEqual([])
    await restoreCardVersion(workspace, { id: 'mine', version }, at(2))
    expect(JSON.parse(await readFile(paths.card('mine'), 'utf8'))).toEqual(make('one'))
  })

  it('has a version each, also within a millisecond; what is no card is no version', async () => {
    const workspace = await temporaryFolder()
    for (const description of ['one', 'two', 'three'])
      await writeCardFile(workspace, make(description), at(0))
    const folder = workspacePaths(workspace).cardHistory('mine')
    expect(await readdir(folder)).toHaveLength(2)
    await writeFile(join(folder, '20260101T090007.000Z.json'), '{')
    expect((await listCardVersions(workspace, 'mine')).map(({ card }) => card.description)).toEqual([
      'two',
      'one',
    ])
    await mkdir(dirname(workspacePaths(workspace).card('x')), { recursive: true })
    await writeFile(workspacePaths(workspace).card('torn'), '{')
    await expect(removeCardFile(workspace, 'torn', at(1))).rejects.toMatchObject({ code: 'CARD_INVALID' })
  })
})
