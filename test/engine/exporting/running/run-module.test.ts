import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runModule } from '../../../../src/main/engine/exporting/running/run-module'
import { createMatrix } from '../../../../src/main/engine/numeric/matrix'
import { temporaryFolder } from '../../../temporary-folder'

const vectors = createMatrix(2, 2, Float32Array.of(1, 2, 3, 4))

async function run(text: string, boundMs?: number) {
  const file = join(await temporaryFolder(), 'head.mjs')
  await writeFile(file, text)
  return runModule(file, 'head', vectors, boundMs)
}

it('gives what the function makes of each vector', async () => {
  expect(await run('export const head = (x) => x.map((value) => 2 * value)')).toEqual(
    createMatrix(2, 2, Float32Array.of(2, 4, 6, 8)),
  )
})

it.each([
  ['never answers', 'export const head = () => { for (;;); }', 500],
  ['throws', 'export const head = () => { throw new Error("no head") }', undefined],
  ['ends its thread', 'process.exit(3)', undefined],
  ['cannot be read', 'export const head = (', undefined],
])('a module that %s is waited for no longer', async (_, text, boundMs) => {
  await expect(run(text, boundMs)).rejects.toThrow()
})
