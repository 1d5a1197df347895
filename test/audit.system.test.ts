import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listAudits } from '../src/main/workspace/audit-file'
import { type Audit, auditSchema } from '../src/shared/schemas/audit'
import { type Commands, commandLine } from './command-line'
import { everyToken, largestOfSecond, makePairModel } from './engine/teachers/made-pair-model'

/** The audit of teachers on the real engine, from the command line. */
const TREES = ['oak', 'ash', 'elm', 'fir', 'yew', 'birch', 'cedar', 'maple', 'willow', 'larch']

let workspace: string

const hydra: Commands['hydra'] = (...words) => commandLine(workspace).hydra(...words)

async function audit(...words: string[]): Promise<Audit> {
  const { code, stdout, stderr } = await hydra('audit', ...words, '--json')
  expect(code, stderr).toBe(0)
  return auditSchema.parse(JSON.parse(stdout))
}

/** Trees that queries name in an order of their own: words say which, vectors may not. */
async function importTrees(id: string, splits: readonly string[]): Promise<void> {
  const source = join(workspace, id)
  const lines = (rows: object[]) => rows.map((one) => `${JSON.stringify(one)}\n`).join('')
  const documents = TREES.map((tree) => ({ _id: tree, text: `The ${tree} grows slowly.` }))
  const queries = splits.flatMap((split) =>
    TREES.map((tree) => ({ _id: `${tree}-${split}`, text: `how old an ${tree} gets in ${split}` })),
  )
  await mkdir(join(source, 'qrels'), { recursive: true })
  await writeFile(join(source, 'corpus.jsonl'), lines(documents))
  await writeFile(join(source, 'queries.jsonl'), lines(queries))
  for (const split of splits) {
    const judged = TREES.map((tree) => `${tree}-${split}\t${tree}\t1\n`).join('')
    await writeFile(join(source, 'qrels', `${split}.tsv`), `query-id\tcorpus-id\tscore\n${judged}`)
  }
  const { code, stderr } = await hydra('datasets', 'import', source)
  expect(code, stderr).toBe(0)
}

describe('hydra audit', { timeout: 180_000 }, () => {
  beforeAll(async () => {
    workspace = await mkdtemp(join(tmpdir(), 'hydra-audit-'))
    await importTrees('trees', ['train', 'dev', 'test'])
    await importTrees('tested', ['test'])
    await makePairModel(join(workspace, 'models', 'largest'), largestOfSecond)
    await makePairModel(join(workspace, 'models', 'tokens'), everyToken)
  })
  afterAll(() => rm(workspace, { recursive: true }))

  it('measures every teacher beside the student and keeps the result', async () => {
    const done = await audit('--tasks', 'trees', '--teachers', 'bm25,dense,fusion')
    const [{ rows, between, queries, available, task, examples }] = done.tasks
    expect({ task, queries, available }).toEqual({ task: 'trees', queries: 10, available: 10 })
    expect(rows.map(({ teacher }) => teacher)).toEqual(['frozen all-MiniLM-L6-v2', 'bm25', 'dense', 'fusion'])
    const [student, lexical, dense, fused] = rows
    expect(lexical.measures['nDCG@10']).toBeCloseTo(1, 12)
    expect(dense.measures).toEqual(student.measures)
    expect(fused.measures['nDCG@10']).toBeGreaterThanOrEqual(student.measures['nDCG@10'])
    expect(fused.settled).toContain('10 dev queries of trees')
    expect(between).toHaveLength(6)
    // Every one of them finds each tree at once: there is nothing to show.
    expect(examples).toEqual([])
    expect(await readdir(join(workspace, 'audits'))).toContain(`${done.id}.json`)
  })

  it('re-ranks in a worker process, once a pair, and says what came from the cache', async () => {
    const words = ['--tasks', 'trees', '--teachers', 'cross-encoder', '--queries', '4']
    const options = '{"cross-encoder": {"model": "largest", "depth": 5, "base": "bm25"}}'
    const first = await audit(...words, '--teacher-options', options)
    const second = await audit(...words, '--teacher-options', options)
    const [, row] = first.tasks[0].rows
    const [, again] = second.tasks[0].rows
    expect(row.teacher).toBe('cross-encoder (model largest, depth 5, base bm25)')
    expect([row.cached, again.cached]).toEqual([0, 1])
    expect(again.measures).toEqual(row.measures)
    expect(first.tasks[0]).toMatchObject({ queries: 4, available: 10 })
    expect(await readdir(join(workspace, 'cache', 'teachers'))).toHaveLength(1)
  })

  it('prints a table that says who is gated', async () => {
    const { code, stdout, stderr } = await hydra(
      ...['audit', '--tasks', 'trees', '--teachers', 'bm25,cross-encoder'],
      ...['--teacher-options', '{"cross-encoder": {"model": "largest"}}'],
    )
    expect(code, stderr).toBe(0)
    expect(stdout).toContain('trees · 10 dev queries')
    expect(stdout).toMatch(/frozen all-MiniLM-L6-v2.*the student/)
    expect(stdout).toMatch(/cross-encoder \(model largest\).*worse than student: gated/)
    const [{ tasks }] = await listAudits(workspace)
    const [{ query, rankings }] = tasks[0].examples!
    expect(rankings.map(({ teacher }) => teacher)).toEqual(tasks[0].rows.map(({ teacher }) => teacher))
    expect(rankings[0].documents[0]).toEqual({ id: query.split('-')[0], grade: 1 })
    expect(rankings[2].score).toBeLessThan(rankings[0].score)
  })

  it.each([
    ['TASK_UNUSABLE', 1, ['--tasks', 'tested']],
    ['DATASET_UNKNOWN', 1, ['--tasks', 'nope']],
    ['OPTION_UNKNOWN', 1, ['--tasks', 'trees', '--teachers', 'bm52']],
    ['MODEL_MISSING', 1, ['--tasks', 'trees', '--teachers', 'cross-encoder']],
    ['USAGE', 2, ['--tasks', 'trees', '--teachers', 'judgments']],
    ['USAGE', 2, []],
    ['USAGE', 2, ['--tasks', 'trees', '--queries', '0']],
    ['USAGE', 2, ['--tasks', 'trees', '--teachers', 'bm25', '--teacher-options', '{"bm25": 1}']],
    ['USAGE', 2, ['--tasks', 'trees', '--teachers', 'bm25', '--teacher-options', '{"bm25": {"b": 7}}']],
    ['USAGE', 2, ['--tasks', 'trees', '--teachers', 'bm25', '--teacher-options', '{"dense": {}}']],
  ])('says %s, with exit code %i, to %j', async (code, exit, words) => {
    const result = await hydra('audit', ...words)
    expect(result.stderr).toContain(`${code}:`)
    expect(result.code).toBe(exit)
  })

  it('says MODEL_UNSUPPORTED to a model that is no cross-encoder', async () => {
    const options = '{"cross-encoder": {"model": "tokens"}}'
    const words = ['audit', '--tasks', 'trees', '--teachers', 'cross-encoder', '--teacher-options', options]
    expect((await hydra(...words)).stderr).toContain('MODEL_UNSUPPORTED:')
  })
})
