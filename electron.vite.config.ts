import { resolve } from 'node:path'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'

const here = (path: string) => resolve(import.meta.dirname, path)
// scripts/build-when-stale.mjs builds beside out/ and swaps the folders, so that no process ever sees half a build.
const out = (room: string) => here(`${process.env.HYDRA_BUILD_OUT ?? 'out'}/${room}`)

/**
 * What every process of ours loads first, in the build itself: Node finds, reads and links their hundreds of small files anew
 * in each process, and that was half of a command's start. What is native, or large and seldom needed, stays outside.
 */
const BUNDLED = [
  'zod',
  '@orpc/client',
  '@orpc/contract',
  '@orpc/openapi',
  '@orpc/server',
  'commander',
  'string-width',
  'wrap-ansi',
  'yaml',
  'yauzl',
  'lru-cache',
  '@huggingface/tokenizers',
  'onnx-proto',
]

/**
 * TensorFlow.js by `require`: where a module imports a CommonJS file, Node parses it once more for the names of its exports,
 * and of these megabytes that takes longer than running them.
 */
const requireTensorFlow = {
  name: 'require-tensorflow',
  renderChunk: (code: string) =>
    code.replace(
      /^import \* as (\w+) from "(@tensorflow\/tfjs)";$/gm,
      'const $1 = process.getBuiltinModule("node:module").createRequire(import.meta.url)("$2");',
    ),
}

/**
 * What two pages or more use, in two files: by itself Rolldown makes one of each module that they share, and a page then asks
 * for sixty small ones. ECharts is not among them: its pages load it when they draw.
 */
const SHARED_BY_PAGES = [
  {
    name: 'widgets',
    test: /node_modules\/(naive-ui|vueuc|vooks|seemly|css-render|@css-render|treemate|evtd)\//,
    minShareCount: 2,
  },
  { name: 'shared', test: /src\/(renderer|shared)\//, minShareCount: 2 },
]

export default defineConfig({
  main: {
    plugins: [requireTensorFlow],
    build: {
      externalizeDeps: { exclude: BUNDLED },
      outDir: out('main'),
      // The same bundle runs in Electron and in Node 20.
      target: 'node20',
      rollupOptions: {
        input: {
          index: here('src/main/index.ts'),
          serve: here('src/main/serve.ts'),
          cli: here('src/main/cli.ts'),
          // What cli.js runs, for tests that start no process for it.
          'command-line': here('src/main/hosts/terminal/run-command-line.ts'),
          'engine-worker': here('src/main/jobs/processes/engine-worker.ts'),
          'encoder-worker': here('src/main/jobs/models/encoder-worker.ts'),
          'cross-encoder-worker': here('src/main/jobs/models/cross-encoder-worker.ts'),
          'generator-worker': here('src/main/jobs/models/generator-worker.ts'),
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
    build: {
      outDir: out('renderer'),
      rollupOptions: {
        input: here('src/renderer/index.html'),
        output: { codeSplitting: { groups: SHARED_BY_PAGES } },
      },
    },
  },
})
