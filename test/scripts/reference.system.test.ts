import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const SCRIPT = resolve(import.meta.dirname, '..', '..', 'scripts', 'reference.mjs')

it('docs/reference.md is what the registries say (else: node scripts/reference.mjs)', async () => {
  const outcome = await promisify(execFile)(process.execPath, [SCRIPT, '--check']).catch((error) => error)
  expect(outcome.stderr).toBe('')
}, 60_000)
