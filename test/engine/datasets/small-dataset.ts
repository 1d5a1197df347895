import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { zipSync } from 'fflate'

export type Files = Record<string, string>

export const HEADER = 'query-id\tcorpus-id\tscore\n'
export const jsonl = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('')

/** Four documents, six queries, one judgment each; train, no dev. */
export function smallDataset(): Files {
  return {
    'corpus.jsonl': jsonl([
      { _id: 'd1', title: 'Harbour', text: 'ships at the pier' },
      { _id: 'd2', text: 'a violin and its bow' },
      { _id: 'd3', title: '', text: 'bread from the oven' },
      { _id: 'd4', text: 'the sea at night' },
    ]),
    'queries.jsonl': jsonl([
      { _id: 'q1', text: 'where do boats lie?' },
      { _id: 'q2', text: 'string instrument' },
      { _id: 'q3', text: 'baking' },
      { _id: 'q4', text: 'dark water' },
      { _id: 'q5', text: 'String  Instrument' },
      { _id: 'q6', text: 'nobody asks this' },
    ]),
    'qrels/train.tsv': `${HEADER}q1\td1\t2\nq1\td4\t1\nq2\td2\t1\n`,
    'qrels/dev.tsv': `${HEADER}q3\td3\t1\n`,
    'qrels/test.tsv': `${HEADER}q4\td4\t1\nq4\td1\t0\nq5\td2\t1\n`,
  }
}

export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'hydra-datasets-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

export function writeFolder(folder: string, files: Files): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

export function zipOf(files: Files): Uint8Array {
  return zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)])))
}
