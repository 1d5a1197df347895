import { existsSync } from 'node:fs'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { VerdictRow } from '../src/shared/schemas/verdict'
import { commandLine } from './command-line'
import { HEADER, jsonl, writeFolder } from './engine/datasets/small-dataset'
import { temporaryFolder } from './temporary-folder'

const CASES = resolve('../shared/cases')
const here = existsSync(CASES)
if (!here) console.log(`skipped: the cases are not at ${CASES}`)

/** A workbench of one workspace, by its command line. */
async function workbench() {
  const workspace = await temporaryFolder()
  async function hydra(...words: string[]) {
    const { code, stdout, stderr } = await commandLine(workspace).hydra(...words, '--json')
    return { code, answer: JSON.parse(stdout || 'null'), err: stderr }
  }
  const runFolder = async () => join(workspace, 'runs', (await readdir(join(workspace, 'runs'))).at(-1)!)
  return { workspace, hydra, runFolder }
}
const codesOf = (record: { findings: { code: string }[] }) => record.findings.map(({ code }) => code)

describe.skipIf(!here)('the cases of ../shared', { timeout: 120_000 }, () => {
  it.each(['ds-spaceid', 'ds-spaceq'])(
    '%s: the import warns, and the run has its verdict and its run file',
    async (id) => {
      const { hydra, runFolder } = await workbench()
      const imported = await hydra('datasets', 'import', join(CASES, 'white-space-in-ids', id))
      expect(imported.code).toBe(0)
      expect(codesOf(imported.answer)).toContain('escaped-ids')
      const { code, answer } = await hydra('evaluate', '--frozen', '--tasks', id)
      expect(code).toBe(0)
      expect(answer.rows[0].n).toBeGreaterThan(0)
      const text = await readFile(join(await runFolder(), 'trec', 'seen-k0.frozen.run'), 'utf8')
      for (const line of text.trimEnd().split('\n')) expect(line.split(/\s+/)).toHaveLength(6)
      expect(text).toMatch(/%20/)
    },
  )

  it('ds-spacetrain: a training ends with its verdict, and its run file comes back by import-run', async () => {
    const { hydra, runFolder } = await workbench()
    const id = 'ds-spacetrain'
    const imported = await hydra('datasets', 'import', join(CASES, 'white-space-in-ids', id))
    expect(codesOf(imported.answer)).toContain('escaped-ids')
    expect(imported.answer).toMatchObject({ devFrom: 'given', splitFiles: { dev: 'validation' } })
    const trained = await hydra(
      'train',
      '--tasks',
      id,
      '--steps',
      '20',
      '--preset',
      'quick',
      '--rows',
      'frozen,task card',
    )
    expect(trained.code).toBe(0)
    const folder = await runFolder()
    const run = folder.split('/').at(-1)!
    expect((await hydra('evaluate', run)).code).toBe(0)
    const file = join(folder, 'trec', 'seen-k0.frozen.run')
    const back = await hydra('import-run', file, '--run', run, '--name', 'back')
    expect(back.answer).toMatchObject({ missing: 0, ignored: 0 })
    const { rows } = (await hydra('runs', 'show', run)).answer.verdict
    const mean = (name: string) =>
      rows.find((row: VerdictRow) => row.row === name && row.examples === 0 && !row.bm25).mean['nDCG@10']
        .value
    expect(mean('back')).toBeCloseTo(mean('frozen'), 9)
  })

  it('ds-only-dev: without test queries an error, and dev queries by name', async () => {
    const { hydra } = await workbench()
    expect((await hydra('datasets', 'import', join(CASES, 'only-dev', 'ds-only-dev'))).code).toBe(0)
    const test = await hydra('evaluate', '--frozen', '--tasks', 'ds-only-dev')
    expect(test).toMatchObject({ code: 1, answer: { error: { code: 'TASK_UNUSABLE' } } })
    const dev = await hydra('evaluate', '--frozen', '--tasks', 'ds-only-dev', '--split', 'dev')
    expect(dev).toMatchObject({ code: 0, answer: { split: 'dev', rows: [{ n: 6 }] } })
    const all = await hydra('evaluate', '--frozen', '--tasks', 'all', '--split', 'dev')
    expect(all).toMatchObject({ code: 0, answer: { split: 'dev', tasks: ['ds-only-dev'] } })
  })

  it('ds-valsplit: validation is dev, and the import says so', async () => {
    const { hydra, workspace } = await workbench()
    const imported = await hydra('datasets', 'import', join(CASES, 'validation-split', 'ds-valsplit'))
    expect(imported.answer).toMatchObject({ devFrom: 'given', splits: { dev: { queries: 40 } } })
    expect(imported.err).toContain('qrels/validation.tsv is the dev split')
    expect(await readdir(join(workspace, 'datasets', 'ds-valsplit', 'qrels'))).toEqual([
      'dev.tsv',
      'test.tsv',
      'train.tsv',
    ])
    const show = await hydra('datasets', 'show', 'ds-valsplit')
    expect(show.answer.tasks).toMatchObject([{ dev: 40 }])
  })
})

describe('a file beside the verdict', { timeout: 60_000 }, () => {
  it('that cannot be written is a note of a run that is done', async () => {
    const { hydra, workspace, runFolder } = await workbench()
    const texts = Array.from({ length: 8 }, (_, i) => ({ _id: `t${i}`, text: `about subject ${i}` }))
    const source = writeFolder(join(workspace, 'source', 'tiny'), {
      'corpus.jsonl': jsonl(texts),
      'queries.jsonl': jsonl(texts),
      'qrels/test.tsv': HEADER + texts.map(({ _id }) => `${_id}\t${_id}\t1\n`).join(''),
    })
    await hydra('datasets', 'import', source)
    expect((await hydra('evaluate', '--frozen', '--tasks', 'tiny')).code).toBe(0)
    const folder = await runFolder()
    const run = folder.split('/').at(-1)!
    for (const name of ['trec', 'queries', 'results.json']) await rm(join(folder, name), { recursive: true })
    for (const name of ['trec', 'queries']) await writeFile(join(folder, name), 'in the way')
    const again = await hydra('evaluate', run)
    expect(again).toMatchObject({ code: 0, answer: { rows: [{ row: 'frozen', n: 8 }] } })
    const { run: record, verdict } = (await hydra('runs', 'show', run)).answer
    expect(record.state).toBe('done')
    expect(record.notes.filter((note: string) => note.includes('not written'))).toHaveLength(2)
    expect(verdict.rows).toHaveLength(1)
    // What needs the scores says what is missing and how it comes back.
    const compared = await hydra('compare', run)
    expect(compared).toMatchObject({ code: 1, answer: { error: { code: 'FILE_MISSING' } } })
  })
})
