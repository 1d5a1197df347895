import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { buildWhenStale } from '../scripts/build-when-stale.mjs'

/** Tests that start processes run the built entries in out/main, so the build comes before them all. */
export default async function setup(): Promise<void> {
  await rm(join(import.meta.dirname, 'output', 'fixtures'), { recursive: true, force: true })
  await buildWhenStale()
}
