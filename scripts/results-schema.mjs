/**
 * docs/results.schema.json, the published JSON Schema of results.json, from its zod schema: `node scripts/results-schema.mjs`
 * writes it, `--check` fails where it is not what would be written.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createServer } from 'vite'
import { z } from 'zod'

const ROOT = resolve(import.meta.dirname, '..')
const FILE = join(ROOT, 'docs', 'results.schema.json')

const vite = await createServer({
  root: ROOT,
  configFile: false,
  logLevel: 'error',
  appType: 'custom',
  server: { middlewareMode: true, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
})
const { verdictSchema } = await vite.ssrLoadModule('/src/shared/schemas/verdict.ts')
await vite.close()

const schema = {
  ...z.toJSONSchema(verdictSchema),
  title: 'results.json of Hydra Workbench, version 2',
}
const text = `${JSON.stringify(schema, null, 2)}\n`
if (process.argv.includes('--check')) {
  if (read(FILE) !== text) {
    process.stderr.write(
      'docs/results.schema.json is not what the schema says. Write it anew: node scripts/results-schema.mjs\n',
    )
    process.exitCode = 1
  }
} else {
  writeFileSync(FILE, text)
  process.stdout.write('docs/results.schema.json\n')
}

function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
