import { readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compareQueries } from '../../../src/main/pipeline/reporting/compare-queries'
import { queryRankings } from '../../../src/main/pipeline/reporting/query-rankings'
import { readCurves } from '../../../src/main/pipeline/reporting/read-curves'
import {
  queryComparisonRequestSchema,
  queryRankingsRequestSchema,
} from '../../../src/shared/schemas/query-comparison'
import { FIRST, SECOND, writeComparedRun, writeDataset } from '../../compared-runs'
import { madeContext } from '../../made-context'
import { temporaryFolder } from '../../temporary-folder'

async function twoRuns(change: { readonly sha256?: string } = {}) {
  const workspace = await temporaryFolder()
  await writeDataset(workspace)
  const first = await writeComparedRun(workspace, FIRST, { title: 'First' })
  const second = await writeComparedRun(workspace, SECOND, { title: 'Second', seed: 2, minute: 1, ...change })
  return { workspace, first: first.id, second: second.id, context: madeContext(workspace) }
}
const request = (a: [string, string], b: [string, string], more = {}) =>
  queryComparisonRequestSchema.parse({
    a: { run: a[0], row: a[1] },
    b: { run: b[0], row: b[1] },
    measure: 'nDCG@10',
    ...more,
  })

describe('two systems query by query', () => {
  it('of two runs: counted, the largest loss first, with the texts, a window of them', async () => {
    const { first, second, context } = await twoRuns()
    const ask = (more = {}) =>
      compareQueries.run(request([first, 'task card'], [second, 'task card'], more), context)
    const compared = await ask({ most: 2, find: { task: 'young', query: 'q3-5' } })
    // First above second on 5 (1 against 8) and 6 (2 against 3), below on 0 (9 against 1).
    expect(compared).toMatchObject({
      n: 16,
      wins: 2,
      losses: 1,
      ties: 13,
      found: 15,
      cards: 'seen',
      examples: 0,
    })
    expect(compared.tasks).toEqual({ young: { n: 16, wins: 2, losses: 1, ties: 13 } })
    expect(compared.queries.map(({ query }) => query)).toEqual(['q3-0', 'q3-1'])
    expect(compared.queries[0]).toEqual({
      task: 'young',
      query: 'q3-0',
      text: 'story about a puppy',
      a: 1 / Math.log2(10),
      b: 1,
    })
    expect(compared.profile).toHaveLength(16)
    expect(compared.profile[15]).toBeCloseTo(1 - 1 / Math.log2(9), 12)
    const wins = await ask({ order: 'wins', most: 1 })
    expect(wins.queries[0].query).toBe('q3-5')
    expect((await ask({ from: 15, most: 5 })).queries).toHaveLength(1)
  })

  it('of one run', async () => {
    const { first, context } = await twoRuns()
    const compared = await compareQueries.run(request([first, 'task card'], [first, 'frozen']), context)
    expect(compared).toMatchObject({ wins: 15, losses: 1, ties: 0 })
  })

  it('are refused where the data differ, where a row or task is none of theirs', async () => {
    const { first, second, context } = await twoRuns({ sha256: 'e'.repeat(64) })
    const refused = (...asked: Parameters<typeof request>) => compareQueries.run(request(...asked), context)
    await expect(refused([first, 'task card'], [second, 'task card'])).rejects.toMatchObject({
      code: 'RUNS_INCOMPARABLE',
    })
    await expect(refused([first, 'static'], [first, 'frozen'])).rejects.toMatchObject({
      code: 'OPTION_UNKNOWN',
    })
    await expect(
      refused([first, 'task card'], [first, 'frozen'], { task: 'elsewhere' }),
    ).rejects.toMatchObject({ code: 'TASK_UNKNOWN' })
    await expect(refused([first, 'task card'], [first, 'frozen'], { measure: 'AP' })).rejects.toMatchObject({
      code: 'OPTION_UNKNOWN',
    })
  })

  it('are read anew when the run was scored again', async () => {
    const { workspace, first, context } = await twoRuns()
    const ask = () => compareQueries.run(request([first, 'task card'], [first, 'frozen']), context)
    expect((await ask()).wins).toBe(15)
    const file = join(workspace, 'runs', first, 'queries', 'young.jsonl')
    await writeFile(
      file,
      '{"version":1,"task":"young","cards":"seen"}\n{"query":"q3-0","examples":0,"scores":{"task card":{"nDCG@10":1},"frozen":{"nDCG@10":1}}}\n',
    )
    const results = join(workspace, 'runs', first, 'results.json')
    await writeFile(results, await readFile(results))
    await utimes(results, new Date(), new Date(Date.now() + 5000))
    expect(await ask()).toMatchObject({ n: 1, wins: 0, ties: 1 })
  })
})

describe('one query under two systems', () => {
  const ask = async (a: [string, string], b: [string, string], workspace: string, more = {}) =>
    queryRankings.run(
      queryRankingsRequestSchema.parse({
        a: { run: a[0], row: a[1] },
        b: { run: b[0], row: b[1] },
        task: 'young',
        query: 'q3-0',
        ...more,
      }),
      madeContext(workspace),
    )

  it('has both rankings with texts, grades and each other’s ranks', async () => {
    const { workspace, first, second } = await twoRuns()
    const found = await ask([first, 'task card'], [second, 'task card'], workspace)
    expect(found.text).toBe('story about a puppy')
    expect(found.a).toMatchObject({ depth: 16 })
    expect(found.a!.documents).toHaveLength(10)
    const relevant = found.a!.documents[8]
    expect(relevant).toMatchObject({ document: 'd0', rank: 9, grade: 1, other: 1 })
    expect(relevant.text).toContain('dog')
    expect(found.b!.documents[0]).toMatchObject({ document: 'd0', rank: 1, other: 9 })
    expect(found.missed).toEqual([])
  })

  it('names the relevant documents that neither shows, with their ranks', async () => {
    const { workspace, first } = await twoRuns()
    const found = await ask([first, 'task card'], [first, 'frozen'], workspace, { most: 3 })
    expect(found.missed).toMatchObject([{ document: 'd0', grade: 1, a: 9, b: 4 }])
  })

  it('says nothing of a ranking that no run file holds, and goes without texts where the data is another', async () => {
    const { workspace, first } = await twoRuns()
    await rm(join(workspace, 'runs', first, 'trec', 'seen-k0.frozen.run'))
    await rm(join(workspace, 'datasets'), { recursive: true })
    const found = await ask([first, 'task card'], [first, 'frozen'], workspace)
    expect(found).toMatchObject({ text: null, b: null, missed: [] })
    expect(found.a!.documents[0]).toMatchObject({ document: 'd1', text: null, grade: null })
  })
})

it('curves are columns of what the run said', async () => {
  const { first, context } = await twoRuns()
  const { systems } = await readCurves.run({ id: first, of: 'loss' }, context)
  expect(systems).toMatchObject([{ system: 'task card', steps: 300, points: 3, thinned: false }])
  const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64')).buffer
  expect([...new Int32Array(bytes(systems[0].step))]).toEqual([100, 200, 300])
  expect([...new Float32Array(bytes(systems[0].seconds))]).toEqual([0, 2, 4])
  expect([...new Float32Array(bytes(systems[0].value))][1]).toBeCloseTo(1.6, 6)
  expect(await readCurves.run({ id: first, of: 'norm' }, context)).toEqual({ measure: null, systems: [] })
})
