import { resolve } from 'node:path'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'

const here = (path: string) => resolve(import.meta.dirname, path)
// scripts/build-when-stale.mjs builds beside out/ and swaps the folders, so that no process ever sees half a build.
const out = (room: string) => here(`${process.env.HYDRA_BUILD_OUT ?? 'out'}/${room}`)

export default defineConfig({
  main: {
    build: {
      outDir: out('main'),
      // The same bundle runs in Electron and in Node 20.
      target: 'node20',
      rollupOptions: {
        input: {
          index: here('src/main/index.ts'),
          serve: here('src/main/serve.ts'),
          cli: here('src/main/cli.ts'),
          'engine-worker': here('src/main/jobs/processes/engine-worker.ts'),
          'encoder-worker': here('src/main/jobs/models/encoder-worker.ts'),
          'cross-encoder-worker': here('src/main/jobs/models/cross-encoder-worker.ts'),
          'listwise-thread': here('src/main/engine/training/losses/softmax/listwise-thread.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: out('preload'),
      rollupOptions: {
        input: { index: here('src/preload/index.ts') },
        // A sandboxed preload script must be CommonJS.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: here('src/renderer'),
    plugins: [vue()],
    build: { outDir: out('renderer'), rollupOptions: { input: here('src/renderer/index.html') } },
  },
})
