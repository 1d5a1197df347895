import { defineConfig } from 'vitest/config'

/** `npm run bench`: each file prints its own table and asserts the bound that the project promises. */
export default defineConfig({
  test: {
    include: ['test/bench/**/*.bench.ts'],
    globalSetup: ['test/build-first.ts'],
    testTimeout: 600_000,
    hookTimeout: 120_000,
    // One after another: two benches at once would measure each other.
    fileParallelism: false,
    reporters: ['verbose'],
  },
})
