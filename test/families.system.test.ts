import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { commandLine } from './command-line'
import { zipOf } from './engine/datasets/small-dataset'
import { smallFamily } from './engine/datasets/small-family'
import { temporaryFolder } from './temporary-folder'

it('a family is imported as far as it is sound, listed as one row, and named by a pattern', async () => {
  const folder = await temporaryFolder()
  const hydra = commandLine(join(folder, 'workspace'))
  const source = join(folder, 'kinds.zip')
  writeFileSync(source, zipOf(smallFamily()))

  const { family, imported, refused } = await hydra.json('datasets', 'import', source)
  expect(family).toBe('kinds')
  expect(imported.map(({ id }: { id: string }) => id)).toEqual(['kinds._hidden', 'kinds.ports'])
  expect(refused).toEqual([expect.objectContaining({ code: 'DATASET_LINE' })])
  expect(refused[0].where).toMatch(/broken\/queries\.jsonl:1$/)

  const { stdout } = await hydra.hydra('datasets', 'list')
  expect(stdout.trim().split('\n').at(-1)).toMatch(/^kinds\.\* +8 +12 +2 +/)
  expect(await hydra.json('datasets', 'show', 'kinds')).toHaveLength(2)
  expect(await hydra.refusal('evaluate', '--frozen', '--tasks', 'kinds')).toBe('DATASET_UNKNOWN')
  const { tasks } = await hydra.json('evaluate', '--frozen', '--tasks', 'kinds.*')
  expect(tasks.toSorted()).toEqual(['kinds._hidden', 'kinds.ports'])
  expect(await hydra.refusal('datasets', 'import', source)).toBe('DATASET_EXISTS')
})
