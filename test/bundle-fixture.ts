import { randomBytes } from 'node:crypto'
import { basename, join, resolve } from 'node:path'
import { build } from 'vite'

const REPOSITORY = resolve(import.meta.dirname, '..')

/**
 * A TypeScript file as a script that Node can run in a process or thread of its own. Under test/output, which git ignores,
 * so that its imports of node_modules resolve.
 * @param room folder there: `fixtures` is emptied before a run
 */
export async function bundleFixture(entry: string, room = 'fixtures'): Promise<string> {
  const outDir = join(REPOSITORY, 'test', 'output', room, randomBytes(4).toString('hex'))
  await build({
    root: REPOSITORY,
    configFile: false,
    logLevel: 'error',
    // As in the build: every thread would read it anew.
    ssr: { noExternal: ['onnx-proto'] },
    build: {
      ssr: entry,
      outDir,
      target: 'node20',
      rollupOptions: { output: { format: 'es', entryFileNames: '[name].mjs' } },
    },
  })
  return join(outDir, `${basename(entry, '.ts')}.mjs`)
}
