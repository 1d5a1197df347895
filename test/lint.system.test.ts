import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { datasetSchema } from '../src/shared/schemas/dataset'
import { type LintReport, lintReportSchema } from '../src/shared/schemas/lint'
import { commandLine } from './command-line'
import { type Files, temporaryFolder, writeFolder } from './engine/datasets/small-dataset'
import { cleanDataset } from './engine/protocol/made-dataset'

describe('hydra datasets lint', () => {
  const temporary = temporaryFolder()
  const workspace = join(temporary.path, 'workspace')
  const { hydra } = commandLine(workspace)
  const importMade = (id: string, files: Files) =>
    hydra('datasets', 'import', writeFolder(join(temporary.path, id), files))

  beforeAll(async () => {
    await importMade('clean', cleanDataset())
  })
  afterAll(() => temporary.remove())

  it('finds nothing in a clean collection, and a warning does not fail', async () => {
    const files = cleanDataset()
    const doubtful = { ...files, 'qrels/test.tsv': `${files['qrels/test.tsv']}test0\tgone\t1\n` }
    const imported = await importMade('doubtful', doubtful)
    expect(imported.stdout).toContain('warning unknown-documents: 1 judgment')
    const record = JSON.parse(readFileSync(join(workspace, 'datasets', 'doubtful', 'dataset.json'), 'utf8'))
    expect(datasetSchema.parse(record).findings.map(({ code }) => code)).toEqual(['unknown-documents'])

    const { code, stdout } = await hydra('datasets', 'lint', 'clean', 'doubtful', '--quick', '--json')
    expect(code).toBe(0)
    const reports = (JSON.parse(stdout) as LintReport[]).map((report) => lintReportSchema.parse(report))
    expect(reports.map(({ dataset, findings }) => [dataset, findings.length])).toEqual([
      ['clean', 0],
      ['doubtful', 1],
    ])
    expect(reports[1].findings[0]).toMatchObject({ dataset: 'doubtful', severity: 'warning', count: 1 })
  })

  it('encodes what the other rules need', async () => {
    const { code, stdout } = await hydra('datasets', 'lint', 'clean', '--json')
    const [{ encoder, skipped }] = JSON.parse(stdout) as LintReport[]
    expect([code, encoder, skipped]).toEqual([0, 'all-MiniLM-L6-v2', []])
  })

  it('ends with 1 where there is an error', async () => {
    await importMade('broken', cleanDataset())
    appendFileSync(join(workspace, 'datasets', 'broken', 'qrels', 'test.tsv'), 'ghost\td1\t1\n')
    const { code, stdout } = await hydra('datasets', 'lint', 'broken')
    expect(code).toBe(1)
    expect(stdout).toContain('error unknown-queries')
  })

  it('refuses all beside ids, and an id that is not there', async () => {
    expect((await hydra('datasets', 'lint', 'all', 'clean')).code).toBe(2)
    const { code, stderr } = await hydra('datasets', 'lint', 'cleen')
    expect(code).toBe(1)
    expect(stderr).toContain('DATASET_UNKNOWN')
  })

  it('is asked before a run, which keeps what was found', async () => {
    const { code, stdout } = await hydra(
      'evaluate',
      '--frozen',
      '--tasks',
      'doubtful',
      '--rows',
      'frozen',
      '--json',
    )
    expect(code).toBe(0)
    const run = JSON.parse((await hydra('runs', 'show', JSON.parse(stdout).run, '--json')).stdout)
    expect(JSON.stringify(run)).toContain('doubtful: warning unknown-documents')
  })
})
