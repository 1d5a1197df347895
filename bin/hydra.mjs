#!/usr/bin/env node
import { existsSync } from 'node:fs'

// What was installed from a tarball is built, and has no sources to be older than.
if (existsSync(new URL('../src', import.meta.url))) {
  const { buildWhenStale } = await import('../scripts/build-when-stale.mjs')
  try {
    await buildWhenStale()
  } catch (error) {
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  }
}
await import('../out/main/cli.js')
