import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRun } from '../src/main/workspace/runs/run-folder'
import { type Comparison, comparisonSchema } from '../src/shared/schemas/comparison'
import { type Verdict, verdictSchema } from '../src/shared/schemas/verdict'
import { type Commands, commandLine } from './command-line'
import { missingBrowser, openBrowser, openPage } from './e2e/open-browser'
import { tinyStatic } from './engine/encoders/model-fixture'
import { runDraft } from './run-draft'
import { TREES, writeTrees } from './tree-collection'

/** In the page, with all that is folded opened: pixels that the page is wider than its window, and boxes that hide a part. */
const OUT_OF_SIGHT = `(() => {
  for (const details of document.querySelectorAll('details')) details.open = true
  const { scrollWidth, clientWidth } = document.documentElement
  const boxes = [...document.querySelectorAll('main *')].filter(
    (box) => !box.closest('svg') && box.clientWidth > 0 && box.scrollWidth > box.clientWidth + 1,
  )
  return { page: scrollWidth - clientWidth, boxes: boxes.map(({ outerHTML }) => outerHTML) }
})()`

/** Runs beside each other from the command line: compared, joined by a foreign run, reported. */
describe('what is done with finished runs', { timeout: 120_000 }, () => {
  let folder: string
  let workspace: string
  let large: Verdict
  let small: Verdict
  let cli: Commands
  const json: Commands['json'] = (...words) => cli.json(...words)
  const refusal: Commands['refusal'] = (...words) => cli.refusal(...words)

  const frozen = (encoder: string) =>
    json('evaluate', '--frozen', '--tasks', 'trees', '--rows', 'frozen', '--encoder', encoder)
  const meansOf = ({ rows: [row] }: Verdict) =>
    Object.fromEntries(Object.entries(row.mean).map(([measure, { value }]) => [measure, value]))
  const verdictOf = async (run: string): Promise<Verdict> => (await json('runs', 'show', run)).verdict

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hydra-reporting-'))
    workspace = join(folder, 'workspace')
    cli = commandLine(workspace)
    await json('datasets', 'import', writeTrees(join(folder, 'trees')))
    large = await frozen('all-MiniLM-L6-v2')
    small = await frozen(tinyStatic)
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  describe('hydra compare', () => {
    it('tests two runs on the same queries and says what was done otherwise', async () => {
      const comparison: Comparison = comparisonSchema.parse(await json('compare', large.run, small.run))
      expect(comparison).toMatchObject({ runs: [large.run, small.run], tasks: ['trees'], n: TREES.length })
      const { systems, measures } = comparison
      expect(systems).toMatchObject([large, small].map(({ run }) => ({ run, row: 'frozen' })))
      for (const [i, verdict] of [large, small].entries())
        for (const measure of measures)
          expect(systems[i].mean[measure]).toBeCloseTo(meansOf(verdict)[measure], 9)
      expect(comparison.pairs.map(({ measure }) => measure)).toEqual(measures)
      const [pair] = comparison.pairs
      expect(pair.delta).toBeCloseTo(meansOf(large)[pair.measure] - meansOf(small)[pair.measure], 9)
      expect(pair.delta).toBeGreaterThan(0)
      expect(pair.wins + pair.losses + pair.ties).toBe(TREES.length)
      expect(comparison.differs).toContainEqual({
        setting: 'encoder.id',
        values: ['all-MiniLM-L6-v2', tinyStatic],
      })
    })

    it('prints a table for a paper', async () => {
      const { code, stdout } = await cli.hydra('compare', large.run, small.run, '--format', 'latex')
      expect(code).toBe(0)
      expect(stdout).toContain('\\begin{tabular}')
      expect(stdout).toContain(meansOf(small)['nDCG@10'].toFixed(3).replace(/^0/, ''))
    })

    it('refuses what is not there to compare', async () => {
      expect(await refusal('compare', large.run, 'no-such-run')).toBe('RUN_UNKNOWN')
      expect(await refusal('compare', large.run, '--rows', 'no such row')).toBe('OPTION_UNKNOWN')
      expect(await refusal('compare', large.run, small.run, '--measures', 'P@3')).toBe('OPTION_UNKNOWN')
      const { id } = await createRun(workspace, runDraft(), 'unfinished', new Date())
      expect(await refusal('compare', large.run, id)).toBe('RUN_INCOMPLETE')
    })
  })

  it('judges the log of a service that tried a head: every line of docs/deployment.md', async () => {
    const log = TREES.map((tree, i) => ({
      query: `asked-${i}`,
      text: `where does the ${tree} grow`,
      rankings: {
        frozen: [TREES[(i + 1) % TREES.length], tree].map((id, place) => [id, 1 - place / 2]),
        head: [tree, TREES[(i + 1) % TREES.length]].map((id, place) => [id, 1 - place / 2]),
      },
      shown: [tree, TREES[(i + 1) % TREES.length]],
      useful: i === 0 ? [] : [tree],
    }))
    await writeFile(join(folder, 'log.jsonl'), log.map((line) => `${JSON.stringify(line)}\n`).join(''))
    const page = await readFile(resolve(import.meta.dirname, '..', 'docs', 'deployment.md'), 'utf8')
    const block = [...page.matchAll(/^```\w*\n([\s\S]*?)^```/gm)].find(([, lines]) =>
      lines.includes('judge-log'),
    )
    const [script, ...commands] = block![1].trimEnd().split('\n')
    const at = (word: string) =>
      ({ 'log.jsonl': join(folder, word), 'path/to/scifact': join(folder, 'trees') })[word] ??
      word.replace(/^judged(?=$|\/)/, join(folder, 'judged'))
    const example = spawnSync(process.execPath, script.split(' ').slice(1).map(at), { encoding: 'utf8' })
    expect(example).toMatchObject({ status: 0, stdout: '9 of 10 questions had a useful document.\n' })
    let run = ''
    let answer: unknown
    for (const line of commands) {
      const words = line.split(' ').slice(1)
      answer = await json(...words.map((word) => (word === 'RUN' ? run : at(word))))
      if (words[0] === 'evaluate') run = verdictSchema.parse(answer).run
    }
    const { n, systems, pairs }: Comparison = comparisonSchema.parse(answer)
    expect(n).toBe(9)
    expect(systems.map(({ row, mean }) => [row, mean['MRR@10']])).toEqual([
      ['frozen', expect.any(Number)],
      ['served', 0.5],
      ['head', 1],
    ])
    const pair = pairs.find(({ a, b, measure }) => measure === 'MRR@10' && a === 'b' && b === 'c')
    expect(pair!.delta).toBeCloseTo(-0.5, 12)
    expect(pair!.losses).toBe(9)
  })

  describe('hydra import-run', () => {
    const answered = TREES.slice(1)
    let file: string
    beforeAll(async () => {
      file = join(folder, 'theirs.run')
      // The answer first, of nine of the ten test queries; one line is about a query that nobody asks.
      const lines = answered.map((tree) => `${tree}-winter Q0 ${tree} 1 2.5 theirs`)
      await writeFile(file, `${[...lines, 'nobody-asks Q0 oak 1 1.0 theirs'].join('\n')}\n`)
    })

    it('makes a TREC file a row beside the others, and evaluating again keeps it', async () => {
      const imported = await json('import-run', file, '--run', large.run, '--name', 'theirs')
      const mean = { 'nDCG@10': 0.9, 'MRR@10': 0.9, 'Recall@100': 0.9 }
      expect(imported).toEqual({
        run: large.run,
        name: 'theirs',
        tag: 'theirs',
        mean,
        n: 10,
        missing: 1,
        ignored: 1,
      })
      const sha256 = createHash('sha256')
        .update(await readFile(file))
        .digest('hex')
      const rowIn = ({ rows }: Verdict) => rows.find(({ row }) => row === 'theirs')
      const added = rowIn(await verdictOf(large.run))
      expect(added).toMatchObject({ imported: sha256, n: 10, tasks: { trees: { n: 10 } } })
      expect(meansOf({ ...large, rows: [added!] })).toEqual(mean)

      const again: Verdict = await json('evaluate', large.run, '--measures', 'P@1')
      expect(rowIn(again)).toMatchObject({ imported: sha256, mean: added!.mean })
      expect(rowIn(again)!.mean['P@1'].value).toBeCloseTo(0.9, 12)

      // What a run was scored with before stays, and comes once.
      const more: Verdict = await json('evaluate', large.run, '--measures', 'AP@10,P@1')
      for (const { mean } of more.rows)
        expect(Object.keys(mean)).toEqual(['nDCG@10', 'MRR@10', 'Recall@100', 'P@1', 'AP@10'])
      expect(meansOf(more)['P@1']).toBe(meansOf(again)['P@1'])

      const { systems, pairs }: Comparison = await json('compare', large.run, '--measures', 'P@1')
      expect(systems.map(({ row }) => row)).toEqual(['frozen', 'theirs'])
      expect(pairs[0].delta).toBeCloseTo(meansOf(again)['P@1'] - 0.9, 9)
    })

    it('refuses what is no run of these queries, and a run without results', async () => {
      const foreign = join(folder, 'foreign.run')
      await writeFile(foreign, 'another-query Q0 oak 1 1.0 x\n')
      const into = (run: string, what: string, name = 'x') =>
        refusal('import-run', what, '--run', run, '--name', name)
      expect(await into(large.run, foreign)).toBe('RUNS_INCOMPARABLE')
      expect(await into(large.run, join(folder, 'none.run'))).toBe('FILE_MISSING')
      expect(await into(large.run, file, 'task card')).toBe('USAGE')
      const { id } = await createRun(workspace, runDraft(), 'unfinished', new Date())
      expect(await into(id, file)).toBe('RUN_STATE')
    })
  })

  describe('hydra report', () => {
    let page: string
    it('writes one HTML file that names nothing outside itself', async () => {
      page = join(folder, 'report.html')
      const written = await json('report', large.run, small.run, '--out', page)
      const text = await readFile(page, 'utf8')
      expect(written).toEqual({ files: [page], bytes: Buffer.byteLength(text), notes: [] })
      for (const { run } of [large, small]) expect(text).toContain(run)
      expect(text).not.toMatch(/<(script|link|iframe|object|embed|base)\b|@import|url\(/i)
      expect(text).not.toMatch(/\b(src|srcset|href|action|data|poster)\s*=\s*["']?(?!#)/i)
    })

    it.skipIf(missingBrowser())('opens from disk without asking for anything else', async () => {
      const browser = await openBrowser()
      try {
        const { page: opened, complaints } = await openPage(browser)
        const asked: string[] = []
        opened.on('request', (request) => asked.push(request.url()))
        await opened.goto(pathToFileURL(page).href, { waitUntil: 'load' })
        expect(asked).toEqual([pathToFileURL(page).href])
        expect(complaints).toEqual([])
        expect(await opened.locator('table').count()).toBeGreaterThan(1)
        await opened.setViewportSize({ width: 1000, height: 800 })
        const hidden = await opened.evaluate(OUT_OF_SIGHT)
        expect(hidden).toEqual({ page: 0, boxes: [] })
      } finally {
        await browser.close()
      }
    })

    it("writes one row in MTEB's layout", async () => {
      const out = join(folder, 'mteb')
      const { files, notes } = await json('report', small.run, '--format', 'mteb', '--out', out)
      const model = 'hydra-workbench/tiny-static-frozen'
      const revision = `${small.run}-seen-k0`
      const at = (name: string) => join(out, model.replace('/', '__'), revision, name)
      expect(files).toEqual([at('trees.json'), at('model_meta.json')])
      const result = JSON.parse(await readFile(at('trees.json'), 'utf8'))
      const { sha256 } = await json('datasets', 'show', 'trees')
      const { 'nDCG@10': ndcg, 'Recall@100': recall } = meansOf(small)
      expect(result).toMatchObject({ task_name: 'trees', dataset_revision: sha256 })
      expect(result.evaluation_time).toBe(small.rows[0].tasks!.trees.seconds)
      expect(result.evaluation_time).toBeGreaterThan(0)
      expect(result.evaluation_time).toBeLessThan(small.seconds.evaluate)
      expect(notes).toEqual([expect.stringContaining('trees')])
      expect(result.scores.test).toMatchObject([
        { main_score: ndcg, ndcg_at_10: ndcg, recall_at_100: recall },
      ])
      expect(JSON.parse(await readFile(at('model_meta.json'), 'utf8'))).toMatchObject({
        name: model,
        revision,
      })
      expect(await refusal('report', large.run, small.run, '--format', 'mteb', '--out', out)).toBe('USAGE')
    })
  })

  it('are not compared when a dataset has changed between them, though its ids are the same', async () => {
    await mkdir(join(folder, 'changed'))
    await rm(join(workspace, 'datasets', 'trees'), { recursive: true })
    await json('datasets', 'import', writeTrees(join(folder, 'changed', 'trees'), 'few uses'))
    const changed: Verdict = await frozen('all-MiniLM-L6-v2')
    expect(changed.tasks).toEqual(large.tasks)
    expect(await refusal('compare', large.run, changed.run)).toBe('RUNS_INCOMPARABLE')
    expect((await json('compare', small.run, large.run)).n).toBe(TREES.length)
  })
})
