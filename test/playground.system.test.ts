import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { createRouterClient } from '@orpc/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorkbench, type Workbench } from '../src/main/services/open-workbench'
import { PLAYGROUND_SYSTEMS } from '../src/shared/playground-systems'
import type { PlaygroundRequest, PlaygroundResult } from '../src/shared/schemas/playground'
import { type Commands, commandLine } from './command-line'
import { HEADER, jsonl, writeFolder } from './engine/datasets/small-dataset'
import { openServedRun } from './hosts/api/open-api'

const root = resolve(import.meta.dirname, '..')
const TOPICS = ['rail', 'coal', 'milk', 'school', 'wool', 'glass', 'salt', 'bread', 'paper', 'steel']
const textOf = (i: number) =>
  `The ${TOPICS[i]} trade should be taxed, for ${TOPICS[(i + 1) % TOPICS.length]} is taxed too.`

/** Arguments that answer each other: every query is a document of the corpus, by the same id, and the next one answers it. */
function writeArguments(folder: string): string {
  const judged = (from: number, to: number) =>
    HEADER +
    Array.from({ length: to - from }, (_, at) => from + at)
      .map((i) => `a${i}\ta${(i + 1) % TOPICS.length}\t1\na${i}\ta${i}\t2\n`)
      .join('')
  const texts = TOPICS.map((_, i) => ({ _id: `a${i}`, text: textOf(i) }))
  return writeFolder(folder, {
    'corpus.jsonl': jsonl(texts),
    'queries.jsonl': jsonl(texts),
    'qrels/train.tsv': judged(0, 4),
    'qrels/dev.tsv': judged(4, 6),
    'qrels/test.tsv': judged(6, 10),
  })
}

describe('a query of the playground that is a document of its corpus', { timeout: 120_000 }, () => {
  let folder: string
  let run: string
  let cli: Commands
  let workbench: Workbench

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hydra-playground-'))
    const workspace = join(folder, 'workspace')
    cli = commandLine(workspace)
    // In ArguAna equal ids mean the same text: a query's own document leaves the ranking.
    await cli.json('datasets', 'import', writeArguments(join(folder, 'arguments')), '--id', 'arguana')
    run = (await cli.json('train', '--tasks', 'arguana', '--steps', '4', '--rows', 'task card,no card')).run
    workbench = await openWorkbench({
      workspace,
      appRoot: root,
      host: 'terminal',
      mode: 'read',
      now: () => new Date(),
      workerScript: join(root, 'out', 'main', 'engine-worker.js'),
    })
  })
  afterAll(async () => {
    await workbench.close()
    await rm(folder, { recursive: true, force: true })
  })

  const rank = (query: string, change: Partial<PlaygroundRequest> = {}) =>
    createRouterClient(workbench.router).playground.rank({
      run,
      query,
      systems: [...PLAYGROUND_SYSTEMS],
      card: { task: 'arguana' },
      other: { card: { describe: 'find an argument about food' } },
      judge: 'arguana',
      blend: { alpha: 0.7, other: 0.2, bm25: 0.3 },
      k: 100,
      ...change,
    })

  it('is judged, and does not find itself in any ranking', async () => {
    const { columns, absent, relevant } = await rank(textOf(7))
    expect(absent).toEqual([])
    expect(columns.map(({ system }) => system)).toEqual(PLAYGROUND_SYSTEMS)
    // a8 answers it; that it answers itself with grade 2 counts nowhere.
    expect(relevant).toBe(1)
    for (const { system, hits, ndcg } of columns) {
      const found = hits.map(({ document }) => document)
      expect(found, system).not.toContain('a7')
      expect(found.length, system).toBe(TOPICS.length - 1)
      expect(Object.fromEntries(hits.map(({ document, grade }) => [document, grade])), system).toEqual(
        Object.fromEntries(found.map((document) => [document, document === 'a8' ? 1 : null])),
      )
      expect(ndcg, system).toBeCloseTo(1 / Math.log2(found.indexOf('a8') + 2), 12)
    }
  })

  it('is asked as any other where nobody has judged it', async () => {
    const { columns, relevant } = await rank('a tax on wool')
    expect(relevant).toBeNull()
    for (const { system, hits, ndcg } of columns) {
      expect(
        hits.map(({ document }) => document),
        system,
      ).toContain('a4')
      expect(ndcg, system).toBeNull()
      expect(hits.every(({ grade }) => grade === null)).toBe(true)
    }
  })

  it('has under both cards what is handed out for them, and says which and why', async () => {
    const handed = (columns: PlaygroundResult['columns']) =>
      Object.fromEntries(columns.map((column) => [column.system, column.handed]))
    const { columns: byRule } = await rank('a tax on wool')
    expect(handed(byRule)).toMatchObject({ frozen: null, BM25: null, 'no card': null, fused: null })
    // The run saw the one, and chose for it; of the other it can say nothing.
    expect(handed(byRule)['this card']?.why).toMatch(/chosen on|on \d+ dev queries/)
    expect(handed(byRule)['another card']).toEqual({
      head: 'task card',
      which: 'the task card',
      why: expect.stringContaining('no training saw this card'),
    })
    const { columns } = await rank('a tax on wool', { handOut: 'frozen', blend: {} })
    const hits = (system: string) => columns.find((column) => column.system === system)?.hits
    expect(hits('this card')).toEqual(hits('frozen'))
    expect(hits('another card')).toEqual(hits('frozen'))
    expect(handed(columns)['another card']?.which).toBe('the frozen encoder')
  })

  it('is searched for by the same rule in the terminal', async () => {
    const search = (query: string) =>
      cli.json('search', run, '--query', query, '--task', 'arguana', '--k', '100')
    const { frozen, conditioned } = await search(textOf(7))
    for (const hits of [frozen, conditioned]) {
      const found = hits.map(({ document }: { document: string }) => document)
      expect([...found].sort()).toEqual(['a0', 'a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a8', 'a9'])
    }
    expect((await search(`${textOf(7)} Really.`)).frozen[0].document).toBe('a7')
  })

  it('is answered to programs as it is here: every line of docs/serving.md', async () => {
    const host = await openServedRun(workbench, run)
    const page = await readFile(join(root, 'docs', 'serving.md'), 'utf8')
    const blocks = (language: string) =>
      [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].flatMap(([, own, code]) =>
        own === language ? [code] : [],
      )
    const environment = { ...process.env, HYDRA_URL: host.url, HYDRA_API_TOKEN: host.token }
    const start = (program: string, words: string[]) =>
      promisify(execFile)(program, words, { env: environment, cwd: root })
    const answers: string[] = []
    for (const block of blocks('sh')) {
      for (const command of block.trim().split('\n\n'))
        answers.push((await start('bash', ['-c', command])).stdout)
    }
    const [health, compiled, embedded, documents, found, metrics] = answers
    expect(JSON.parse(health)).toMatchObject({ status: 'ok', run })
    const { model, certificate, head, handedOut, cached } = JSON.parse(compiled)
    expect({ model, cached, shape: head.weight }).toEqual({
      model: 'counter',
      cached: false,
      shape: [384, 384],
    })
    expect(certificate.difference).toBeLessThanOrEqual(certificate.bound)
    expect(handedOut.words).toContain('Handed out')
    expect(JSON.parse(embedded).data[0].embedding).toHaveLength(384)
    expect(JSON.parse(documents)[0]).toHaveLength(384)
    expect(metrics).toContain('hydra_cache_lookups_total{cache="heads",result="miss"} 1')
    const [script] = blocks('javascript')
    expect((await start(process.execPath, ['--input-type=module', '-e', script])).stdout).toMatch(
      /^384 \d+\n$/,
    )

    // The same hits as the page has, and the vector that finds them.
    const description = 'find the argument that answers this one'
    const card = {
      card: { version: 1 as const, id: 'counter', name: 'Counterarguments', description, examples: [] },
    }
    const here = await rank('Milk should be taxed.', { card, blend: {}, k: 3, other: undefined })
    const shown = here.columns.find(({ system }) => system === 'this card')?.hits
    expect(JSON.parse(found)).toMatchObject({ collection: 'arguana', answeredBy: 'card' })
    expect(JSON.parse(found).hits).toEqual(shown?.map(({ grade: _, ...hit }) => hit))
    const [, ...others] = TOPICS.map((_, i) => textOf(i))
    const vectors: number[][] = (await host.post('/embed', { inputs: others })).json
    const query: number[] = JSON.parse(embedded).data[0].embedding
    const best = Math.max(...vectors.map((vector) => vector.reduce((sum, x, i) => sum + x * query[i], 0)))
    expect(best).toBeCloseTo(Math.max(...(shown ?? []).map(({ score }) => score)), 5)
  })
})
