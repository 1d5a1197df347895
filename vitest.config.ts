import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [vue()],
  test: {
    include: ['test/**/*.test.ts'],
    // Worker processes run the built entries (out/main/*.js), so the build comes first.
    globalSetup: ['test/build-first.ts'],
    testTimeout: 30_000,
    hookTimeout: 120_000,
    // Two cores: more workers than that only wait for one another.
    maxWorkers: 2,
  },
})
