import { tmpdir } from 'node:os'
import { join } from 'node:path'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

/**
 * Two projects, and a test file's name says which it belongs to: a `*.system.test.ts` starts processes or a browser, needs the
 * build or makes one, reads whole collections, or watches for seconds what must hold long; every other `*.test.ts` is a unit test and does nothing of this, so that all
 * of them together take seconds. An unhandled rejection in any of them fails the run.
 */
const SYSTEM = 'test/**/*.system.test.ts'

export default defineConfig({
  plugins: [vue()],
  test: {
    testTimeout: 30_000,
    hookTimeout: 120_000,
    // Two cores: more workers than that only wait for one another.
    maxWorkers: 2,
    // What a host remembers of workspaces is a person's: tests leave it alone.
    env: { XDG_CONFIG_HOME: join(tmpdir(), 'hydra-test-config') },
    // Where a whole CI hangs on it, a test that a busy machine made late is tried once more; the reporter says which it was.
    expect: { poll: { timeout: 15_000 } },
    retry: process.env.CI ? 1 : 0,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [SYSTEM],
          // Loading TensorFlow.js for each file anew would take as long as the tests.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'system',
          include: [SYSTEM],
          globalSetup: ['test/build-first.ts'],
          // What a system test starts often waits, for a process, a page or a clock, and a third file has its core then.
          maxWorkers: 3,
          // One project after the other, as numbers of workers that differ ask for.
          sequence: { groupOrder: 1 },
          // Nor does a file need Playwright and the schemas loaded anew.
          isolate: false,
          // The build runs as it is.
          server: { deps: { external: [/\/out\/main\//] } },
        },
      },
    ],
  },
})
