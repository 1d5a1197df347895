import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { commandLine } from './command-line'
import { smallDataset, zipOf } from './engine/datasets/small-dataset'
import { smallFamily } from './engine/datasets/small-family'
import { startArchive } from './pipeline/sources/archive-server'
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

it('a source is fetched by its name, after its licence was shown, and held to its published checksum', async () => {
  const folder = await temporaryFolder()
  const hydra = commandLine(join(folder, 'workspace'))
  const { endpoint, requests } = await startArchive({ 'scifact.zip': zipOf(smallFamily()) })
  vi.stubEnv('BEIR_ENDPOINT', endpoint)
  for (const name of ['HTTP_PROXY', 'http_proxy']) vi.stubEnv(name, '')
  onTestFinished(() => void vi.unstubAllEnvs())

  const { code, stdout, stderr } = await hydra.hydra('datasets', 'import', 'beir/scifact', '--json')
  expect([code, JSON.parse(stdout).error.code]).toEqual([1, 'SOURCE_CORRUPT'])
  const events = stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const said = events.findIndex(({ message }) => /CC BY-NC 2\.0/.test(message))
  const fetched = events.findIndex(({ type }) => type === 'progress')
  expect([said >= 0, said < fetched]).toEqual([true, true])
  expect(requests.length).toBeGreaterThan(0)
  expect(await hydra.json('datasets', 'list')).toEqual([])
  expect(
    await hydra.refusal('datasets', 'import', 'beir/scifact', '--from', join(folder, 'absent.zip')),
  ).toBe('FILE_MISSING')
  const given = hydra.refusal('datasets', 'import', 'wordnet-finds', '--from', join(folder, 'absent.zip'))
  expect(await given).toBe('USAGE')
})

it('the demo takes a collection that is there, holds corpora out and gives a table of its own', {
  timeout: 120_000,
}, async () => {
  const folder = await temporaryFolder()
  const hydra = commandLine(join(folder, 'workspace'))
  const source = join(folder, 'openapi-operations.zip')
  const corpora = Array.from({ length: 8 }, (_, i) =>
    Object.entries(smallDataset()).map(([path, text]) => [`c${i}/${path}`, text]),
  )
  writeFileSync(source, zipOf(Object.fromEntries(corpora.flat())))
  await hydra.json('datasets', 'import', source)

  const demo = ['demo', '--collection', 'openapi-operations', '--steps', '1']
  const { code, stdout, stderr } = await hydra.hydra(...demo)
  expect(code, stderr).toBe(0)
  expect(stdout).toMatch(/^2 corpora were held out, 3 trained, 3 chose what is handed out/m)
  const rows = ['frozen', 'card as text', 'no card', 'task card', 'handed out', 'wrong card']
  for (const row of rows) expect(stdout).toMatch(new RegExp(`^${row} +\\d?\\.\\d{3} \\[`, 'm'))
  expect(stdout).toMatch(/^task card .* p [<=] .* \d of 2$/m)
})
