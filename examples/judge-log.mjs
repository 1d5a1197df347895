#!/usr/bin/env node
// From the log of a service that tried a head to what the workbench judges:
//
//   node examples/judge-log.mjs log.jsonl path/to/scifact judged
//
// A line of the log is one question that was answered:
//
//   {"query": "q17", "text": "…", "rankings": {"frozen": [["d3", 0.71], …], "head": [["d9", 0.69], …]}, "useful": ["d9"]}
//
// `rankings` are whole, best first, whatever of them was shown; `useful` is what people opened and stayed with, or what an
// assessor said. judged/collection is a dataset in BEIR's layout whose documents are those of path/to/scifact, and
// judged/<name>.run one TREC run file for each ranking: `hydra import-run` takes them.

import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const [log, collection, out] = process.argv.slice(2)
if (!out) {
  console.error('usage: node examples/judge-log.mjs LOG.jsonl COLLECTION OUT')
  process.exit(2)
}

const answered = (await readFile(log, 'utf8'))
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => JSON.parse(line))
// Where nothing was useful there is nothing that one ranking could have above the other.
const judged = answered.filter(({ useful }) => useful.length > 0)
if (new Set(judged.map(({ query }) => query)).size < judged.length)
  throw new Error(`${log}: expected another id in "query" on each line, got one twice`)

const folder = join(out, 'collection')
await mkdir(join(folder, 'qrels'), { recursive: true })
await copyFile(join(collection, 'corpus.jsonl'), join(folder, 'corpus.jsonl'))
const lines = (all) => all.map((line) => `${line}\n`).join('')
await writeFile(
  join(folder, 'queries.jsonl'),
  lines(judged.map(({ query, text }) => JSON.stringify({ _id: query, text }))),
)
await writeFile(
  join(folder, 'qrels', 'test.tsv'),
  lines([
    'query-id\tcorpus-id\tscore',
    ...judged.flatMap(({ query, useful }) => useful.map((id) => `${query}\t${id}\t1`)),
  ]),
)
for (const name of Object.keys(judged[0]?.rankings ?? {})) {
  const ranked = judged.flatMap(({ query, rankings }) =>
    rankings[name].map(([id, score], i) => `${query} Q0 ${id} ${i + 1} ${score} ${name}`),
  )
  await writeFile(join(out, `${name}.run`), lines(ranked))
}
console.log(`${judged.length} of ${answered.length} questions had a useful document.`)
