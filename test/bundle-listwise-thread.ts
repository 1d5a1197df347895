import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { TestProject } from 'vitest/node'
import { bundleFixture } from './bundle-fixture'

declare module 'vitest' {
  export interface ProvidedContext {
    /** listwise-thread.ts as a script that a thread can run: `inject('listwiseThread')`. */
    listwiseThread: string
  }
}

const THREAD = 'src/main/engine/training/losses/softmax/listwise-thread.ts'

/** The one file of the build that tests without a build need, bundled once for all of them. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const script = await bundleFixture(THREAD, 'threads')
  provide('listwiseThread', script)
  return () => rm(dirname(script), { recursive: true, force: true })
}
