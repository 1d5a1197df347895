import { spawnSync } from 'node:child_process'
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { expect } from 'vitest'

const ROOT = resolve(import.meta.dirname, '..')
export const PYTHON = process.env.PYTHON ?? 'python3'

/** The code blocks of a folder's README in one language. */
export async function snippetsOf(folder: string, language: 'python' | 'javascript'): Promise<string[]> {
  const readme = await readFile(join(folder, 'README.md'), 'utf8')
  const blocks = readme.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)
  return [...blocks].flatMap(([, own, code]) => (own === language ? [code] : []))
}

/** Whether Python here has these modules; says what is skipped where it has not. */
export function pythonHas(modules: readonly string[], what: string): boolean {
  const has = spawnSync(PYTHON, ['-c', `import ${modules.join(', ')}`]).status === 0
  if (!has) console.log(`skipped: ${what}, ${PYTHON} has not all of ${modules.join(', ')}`)
  return has
}

/** Runs a snippet as it stands, in its folder, and saves what it calls `y`. @returns the file */
export async function runPython(folder: string, code: string): Promise<string> {
  await writeFile(join(folder, 'snippet.py'), `${code}\nnp.save("y.npy", np.asarray(y, dtype=np.float32))\n`)
  const { status, stderr } = spawnSync(PYTHON, ['snippet.py'], { cwd: folder, encoding: 'utf8' })
  expect(status, stderr).toBe(0)
  return join(folder, 'y.npy')
}

/** The same for a module on transformers.js, whose models are those of the workbench under their names on the hub. */
export async function runTransformers(folder: string, code: string, hub: string): Promise<number[][]> {
  const packages = join(folder, 'node_modules', '@huggingface')
  const models = join(folder, 'models', ...hub.split('/'))
  // A test that is tried again finds what it laid here before.
  for (const laid of ['node_modules', 'models'])
    await rm(join(folder, laid), { recursive: true, force: true })
  await mkdir(packages, { recursive: true })
  await mkdir(join(models, '..'), { recursive: true })
  await symlink(join(ROOT, 'node_modules', '@xenova', 'transformers'), join(packages, 'transformers'))
  await symlink(join(ROOT, 'resources', 'models', hub.split('/')[1]), models)
  const offline = `import { env } from '@huggingface/transformers'
env.allowRemoteModels = false
env.localModelPath = ${JSON.stringify(join(folder, 'models'))}
`
  const print = '\nconsole.log(JSON.stringify(vectors.map((vector) => [...vector])))\n'
  await writeFile(join(folder, 'offline.mjs'), offline)
  await writeFile(join(folder, 'snippet.mjs'), `import './offline.mjs'\n${code}${print}`)
  const { status, stdout, stderr } = spawnSync(process.execPath, ['snippet.mjs'], {
    cwd: folder,
    encoding: 'utf8',
  })
  expect(status, stderr).toBe(0)
  return JSON.parse(stdout.trim().split('\n').at(-1) as string)
}
