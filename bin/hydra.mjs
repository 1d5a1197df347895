#!/usr/bin/env node
import { buildWhenStale } from '../scripts/build-when-stale.mjs'

try {
  await buildWhenStale()
} catch (error) {
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
}
await import('../out/main/cli.js')
