import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { importBeir } from '../../../../src/main/engine/datasets/importing/import-beir'
import { temporaryFolder } from '../../../temporary-folder'
import { HEADER, smallDataset, zipOf } from '../small-dataset'

const small = smallDataset()
const now = () => new Date(0)
const gzipped = Object.fromEntries(
  Object.entries(small).map(([path, text]) => [`${path}.gz`, gzipSync(text)] as const),
)
const below = (prefix: string) =>
  Object.fromEntries(Object.entries(small).map(([path, text]) => [prefix + path, text]))

async function place(name: string, content: Readonly<Record<string, string | Uint8Array>> | Uint8Array) {
  const folder = await temporaryFolder()
  const source = join(folder, name)
  const files = content instanceof Uint8Array ? { '': content } : content
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(source, path)), { recursive: true })
    writeFileSync(join(source, path), bytes)
  }
  return { source, workspace: join(folder, 'workspace'), now }
}

/** A tar archive of one empty file: a header of 512 bytes and two blocks of nothing. */
function tar(): Buffer {
  const header = Buffer.alloc(512 * 3)
  header.write('corpus.jsonl', 0)
  header.write('ustar', 257)
  return header
}

describe('is imported as the plain folder is', () => {
  it.each([
    ['a folder of gzipped files', gzipped],
    ['gzip without its ending', { ...small, 'corpus.jsonl': gzipSync(small['corpus.jsonl']) }],
    ['plain files beside gzipped ones', { ...small, 'corpus.jsonl.gz': 'not looked at' }],
    [
      'gzip in two members',
      {
        ...gzipped,
        'corpus.jsonl.gz': Buffer.concat(
          small['corpus.jsonl'].split(/(?<=d2.*\n)/).map((part) => gzipSync(part)),
        ),
      },
    ],
    ['a folder two deep', below('a/b/')],
    ['a folder three deep', below('a/b/c/')],
    ['a zip', zipOf(small)],
    ['a zip two deep', zipOf(below('a/b/'))],
  ])('%s', async (_, content) => {
    const plain = await importBeir(await place('made', small))
    const record = await importBeir(await place('made', content as typeof small))
    expect({ ...record, source: '' }).toEqual({ ...plain, source: '' })
  })
})

it('is text, whatever words it begins with or has where archives have a mark', async () => {
  const [first, ...rest] = small['corpus.jsonl'].split('\n')
  const { _id } = JSON.parse(first)
  const before = JSON.stringify({ _id, title: '', text: '' }).length - 2
  const mustard = JSON.stringify({ _id, title: '', text: `${'x'.repeat(256 - before)}mustard` })
  expect(mustard.slice(257, 262)).toBe('ustar')
  const ids = ['PAR1', 'BZh9', 'ARROW1']
  const queries = ids.map((id) => `${JSON.stringify({ _id: id, text: `about ${id}` })}\n`).join('')
  const files = {
    'corpus.jsonl': [mustard, ...rest].join('\n'),
    'queries.jsonl': small['queries.jsonl'] + queries,
    ...Object.fromEntries(ids.map((id) => [`qrels/part-${id}.tsv`, `${id}\td1\t1\n`])),
  }
  const record = await importBeir(await place('made', files))
  expect(Object.values(record.splits)).toEqual(ids.map(() => ({ queries: 1, judgments: 1 })))
})

describe('is refused as what it is', () => {
  it.each([
    ['set.tar', tar(), 'DATASET_LAYOUT', /tar xf/],
    ['set.tar.gz', gzipSync(tar()), 'DATASET_LAYOUT', /tar xf/],
    ['corpus.jsonl.gz', gzipSync(small['corpus.jsonl']), 'DATASET_LAYOUT', /gunzip/],
    ['corpus.jsonl', Buffer.from(small['corpus.jsonl']), 'DATASET_LAYOUT', /folder/],
    ['set.parquet', Buffer.from('PAR1\0\0\0\0PAR1'), 'DATASET_LAYOUT', /to_json/],
    ['set.7z', Buffer.from('377abcaf271c0004', 'hex'), 'DATASET_LAYOUT', /7z x/],
    ['hub', { 'corpus/corpus-00000-of-00001.parquet': 'PAR1', 'README.md': '' }, 'DATASET_LAYOUT', /to_json/],
    ['set.bz2', Buffer.from('425a6839314159265359', 'hex'), 'DATASET_LAYOUT', /bunzip2/],
    ['made', below('a/b/c/d/'), 'DATASET_LAYOUT', /a\/b\/c\/d itself/],
    ['made.zip', zipOf(below('a/b/c/d/')), 'DATASET_LAYOUT', /a\/b\/c\/d itself/],
    ['outer', { 'set.zip': zipOf(small) }, 'DATASET_LAYOUT', /set\.zip/],
    ['made', { ...small, 'corpus.jsonl': Buffer.from('28b52ffd00', 'hex') }, 'FILE_INVALID', /unzstd/],
    [
      'made',
      { ...small, 'corpus.jsonl': Buffer.from(`\uFEFF${small['corpus.jsonl']}`, 'utf16le') },
      'FILE_INVALID',
      /UTF-8/,
    ],
    [
      'made',
      { ...small, 'corpus.jsonl': 'version https://git-lfs.github.com/spec/v1\n' },
      'FILE_INVALID',
      /lfs/,
    ],
    [
      'made',
      { ...small, 'corpus.jsonl': gzipSync(small['corpus.jsonl']).subarray(0, 40) },
      'FILE_INVALID',
      /again/,
    ],
  ] as [string, Parameters<typeof place>[1], string, RegExp][])('%s', async (name, content, code, remedy) => {
    await expect(importBeir(await place(name, content))).rejects.toMatchObject({
      code,
      detail: { remedy: expect.stringMatching(remedy) },
    })
  })

  it('says what lies there instead of a corpus', async () => {
    const { 'corpus.jsonl': corpus, ...rest } = small
    await expect(
      importBeir(await place('made', { ...rest, 'documents.jsonl': corpus })),
    ).rejects.toMatchObject({
      code: 'DATASET_LAYOUT',
      detail: { got: expect.stringContaining('documents.jsonl') },
    })
  })
})

describe('the id', () => {
  it.each([
    ['scifact (1).zip', 'scifact'],
    ['scifact copy.zip', 'scifact'],
    ['scifact - Copy (2).zip', 'scifact'],
    ['my data set.zip', 'my-data-set'],
    ['cafe\u0301.zip', 'café'],
    ['(new) set!.zip', 'new-set'],
    ['my-copy.zip', 'my-copy'],
    [`${'é'.repeat(80)}.zip`, 'é'.repeat(32)],
  ])('of %s is %s', async (name, id) => {
    expect((await importBeir(await place(name, zipOf(small)))).id).toBe(id)
  })

  it('of a second copy of a known collection brings what is known of it', async () => {
    expect(await importBeir(await place('arguana (1).zip', zipOf(small)))).toMatchObject({
      id: 'arguana',
      exclude: 'same-id',
    })
  })

  it('is asked for where the name leaves nothing', async () => {
    await expect(importBeir(await place('(1).zip', zipOf(small)))).rejects.toMatchObject({ code: 'USAGE' })
  })
})

describe('splits by other names', () => {
  const { 'qrels/dev.tsv': dev, ...rest } = small

  it.each(['validation', 'val', 'valid', 'development', 'Dev'])('%s is dev', async (name) => {
    const record = await importBeir(await place('made', { ...rest, [`qrels/${name}.tsv`]: dev }))
    const plain = await importBeir(await place('made', small))
    expect(record).toMatchObject({ devFrom: 'given', splits: plain.splits, splitFiles: { dev: name } })
    expect(record.sha256).toBe(plain.sha256)
  })

  it('another name beside the right one is a split of its own', async () => {
    const record = await importBeir(
      await place('made', { ...small, 'qrels/validation.tsv': `${HEADER}q6\td1\t1\n` }),
    )
    expect(record.splits).toMatchObject({ dev: { queries: 1 }, validation: { queries: 1 } })
    expect(record).not.toHaveProperty('splitFiles')
  })

  it('a SOURCE.json may begin with a byte order mark', async () => {
    const files = { ...small, 'SOURCE.json': '\uFEFF{"title":"Small"}\r\n' }
    expect((await importBeir(await place('made', files))).title).toBe('Small')
  })
})

it('a dataset of the workspace can be imported again', async () => {
  const first = await place('made', small)
  await importBeir(first)
  const source = join(first.workspace, 'datasets', 'made')
  const again = await importBeir({ ...first, source, id: 'again' })
  expect(again.splits).toEqual((await importBeir(await place('made', small))).splits)
})
