import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '..', '..')

it('docs/results.schema.json is what the schema says (else: node scripts/results-schema.mjs)', async () => {
  const script = resolve(ROOT, 'scripts', 'results-schema.mjs')
  const outcome = await promisify(execFile)(process.execPath, [script, '--check']).catch((error) => error)
  expect(outcome.stderr).toBe('')
  const schema = JSON.parse(readFileSync(resolve(ROOT, 'docs', 'results.schema.json'), 'utf8'))
  expect(schema.required).toEqual(expect.arrayContaining(['version', 'run', 'rows', 'differences', 'words']))
}, 60_000)
