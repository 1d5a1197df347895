import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { SourceFiles } from '../../../../src/main/engine/datasets/importing/dataset-layout'
import { openFiles } from '../../../../src/main/engine/datasets/importing/dataset-source'
import { findSource } from '../../../../src/main/engine/datasets/sources'

/** Published files that somebody has fetched, by the names that sources give them: tens of MB, and no part of a checkout. */
const published = process.env.HYDRA_PUBLISHED_FILES ?? ''
const families = resolve('../shared/families')

const never = { signal: new AbortController().signal, onProgress() {} }

/** Texts by the path of a file in the family. */
async function textsOf({ files }: SourceFiles): Promise<Map<string, string>> {
  const texts = new Map<string, string>()
  for (const [path, file] of files) {
    const chunks: Buffer[] = []
    for await (const chunk of await file.open()) chunks.push(chunk)
    texts.set(path, Buffer.concat(chunks).toString())
  }
  return texts
}

/** Ids and texts, however JSON is spaced. */
const records = (text = '') =>
  text
    .trim()
    .split('\n')
    .map((line) => Object.values(JSON.parse(line) as object).join(' '))
const judgments = (text = '') => text.trim().split('\n').toSorted()

const corporaOf = (texts: Map<string, string>) =>
  [...texts.keys()].filter((path) => path.endsWith('/corpus.jsonl')).map((path) => path.split('/')[1])

const golden: [name: string, corpora: number, documents: number, queries: number, otherwise: string[]][] = [
  ['openapi-operations', 110, 12_762, 10_413, []],
  ['aws-commands', 89, 8122, 5184, []],
  // By module and each command once: what lies in folders of modules made corpora named after the folders before, one of them
  // (`_legacy`) a second copy of `monitor`.
  [
    'azure-commands',
    35,
    3922,
    3103,
    ['_legacy', 'generated', 'manual', 'vm', 'appservice', 'synapse', 'billing', 'containerapp'],
  ],
]

describe.each(golden)('%s, of the published files', (name, corpora, documents, queries, otherwise) => {
  const { files, make } = findSource(name)
  const paths = files.map((file) => join(published, file.name))
  const missing = [...paths, join(families, `${name}.zip`)].filter((path) => !existsSync(path))
  if (missing.length > 0) console.log(`skipped: ${name} needs ${missing.join(', ')} (HYDRA_PUBLISHED_FILES)`)

  it.skipIf(missing.length > 0)('is the family that it was measured on', { timeout: 120_000 }, async () => {
    const made = await textsOf(await make!(paths, never))
    const zip = await openFiles(join(families, `${name}.zip`))
    const known = await textsOf(zip)
    zip.close()
    const names = corporaOf(made)
    const lines = (file: string) =>
      names.reduce((sum, corpus) => sum + records(made.get(`${name}/${corpus}/${file}`)).length, 0)
    expect([names.length, lines('corpus.jsonl'), lines('queries.jsonl')]).toEqual([
      corpora,
      documents,
      queries,
    ])
    const same = (corpus: string) => !otherwise.includes(corpus)
    expect(names.filter(same).toSorted()).toEqual(corporaOf(known).filter(same).toSorted())
    for (const corpus of names.filter(same)) {
      for (const file of ['corpus.jsonl', 'queries.jsonl']) {
        const path = `${name}/${corpus}/${file}`
        expect(records(made.get(path)), path).toEqual(records(known.get(path)))
      }
      for (const split of ['train', 'dev', 'test']) {
        const path = `${name}/${corpus}/qrels/${split}.tsv`
        expect(judgments(made.get(path)), path).toEqual(judgments(known.get(path)))
      }
    }
  })
})
