/**
 * Takes what stands in the tables of README and docs into resources/claims.json, where a claim names the cell: after figures of a
 * document have changed, `node scripts/claims.mjs`. Which cells there are and what gives them is written by hand.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { cellText, documentTables } from './document-tables.mjs'

const ROOT = resolve(import.meta.dirname, '..')
const FILE = join(ROOT, 'resources', 'claims.json')
const file = JSON.parse(readFileSync(FILE, 'utf8'))
const tables = new Map()
let changed = 0
for (const figure of file.claims.flatMap(({ figures }) => figures)) {
  if (!figure.cell) continue
  const page =
    tables.get(figure.document) ?? documentTables(readFileSync(join(ROOT, figure.document), 'utf8'))
  tables.set(figure.document, page)
  const written = cellText(page, figure.cell)
  if (written === undefined) {
    process.stderr.write(`${figure.document} has no cell ${JSON.stringify(figure.cell)}\n`)
    process.exitCode = 1
  } else if (written !== figure.written) {
    figure.written = written
    changed++
  }
}
writeFileSync(FILE, `${JSON.stringify(file, null, 2)}\n`)
// As the linter would have it.
execFileSync(process.execPath, [
  join(ROOT, 'node_modules', '@biomejs', 'biome', 'bin', 'biome'),
  'format',
  '--write',
  FILE,
])
process.stdout.write(`resources/claims.json: ${changed} figures changed\n`)
