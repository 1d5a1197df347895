import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { missingBrowser, openBrowser, openPage, type TestBrowser } from '../e2e/open-browser'
import { type StoryHost, startHost } from '../e2e/start-host'
import { madeDifference, madeRow, madeVerdict } from '../made-verdict'
import { runDraft } from '../run-draft'

const RUNS = 10_000
/** A task of the page that takes longer is felt, ms; the machine decides, so it is printed beside … */
const LONGEST_TASK = 100
/** … what is asserted: no task takes so many times what drawing the same window takes with a screenful of runs. */
const TASK_RATIO = 4
/** Reading all runs again, which have not changed since, takes at most this share of reading them first. */
const WARM_SHARE = 0.75

/** Finished runs as trainings leave them, without the fsync of each. */
async function writeRuns(workspace: string, runs: number): Promise<void> {
  for (let from = 0; from < runs; from += 100) {
    await Promise.all(
      Array.from({ length: Math.min(100, runs - from) }, (_, i) => writeRun(workspace, from + i)),
    )
  }
}

async function writeRun(workspace: string, at: number): Promise<void> {
  const created = new Date(Date.UTC(2026, 0, 1) + at * 60_000).toISOString()
  const id = `2026-${String(at).padStart(6, '0')}-bench-s${at}`
  const draft = runDraft({ title: `Run ${at}` })
  // The oldest, which is read last, is the best.
  const score = at === 0 ? 0.9 : (at % 997) / 2000
  const mean = { 'nDCG@10': { value: score, low: score - 0.01, high: score + 0.01 } }
  const verdict = madeVerdict({
    run: id,
    rows: [madeRow({ row: 'task card', mean })],
    differences: [madeDifference({ best: true })],
  })
  const record = {
    ...{ version: 1, id, createdAt: created, endedAt: created, state: 'done', reason: null },
    ...{ notes: [], weights: {} },
    ...draft,
  }
  const folder = join(workspace, 'runs', id)
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'run.json'), JSON.stringify(record))
  await writeFile(join(folder, 'results.json'), JSON.stringify(verdict))
}

describe.skipIf(missingBrowser())(`a list of ${RUNS.toLocaleString('en')} runs`, () => {
  let browser: TestBrowser
  const folders: string[] = []
  const hosts: StoryHost[] = []

  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    for (const host of hosts) await host.stop()
    for (const folder of folders) await rm(folder, { recursive: true, force: true })
  })

  async function workspaceOf(runs: number): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'hydra-bench-'))
    folders.push(folder)
    await writeRuns(folder, runs)
    return folder
  }
  async function serve(workspace: string): Promise<StoryHost> {
    const host = await startHost(workspace)
    hosts.push(host)
    return host
  }

  /** Opens the page Runs; how long until every run is there, and their figures, ms. */
  async function open(host: StoryHost, runs: number): Promise<{ page: Page; rows: number; figures: number }> {
    const { page } = await openPage(browser)
    const began = performance.now()
    await page.goto(`${host.url}&path=/runs`)
    await page.getByText(`${runs.toLocaleString('en')} runs`, { exact: true }).waitFor({ timeout: 120_000 })
    const rows = performance.now() - began
    await page.getByRole('button', { name: 'Sort by nDCG@10' }).click()
    await page.getByText('.900', { exact: true }).waitFor({ timeout: 300_000 })
    return { page, rows, figures: performance.now() - began }
  }

  /** The longest task of the page while a person scrolls from one end to the other, sorts and filters, ms; 0: none over 50. */
  async function longestTask(page: Page): Promise<number> {
    await page.waitForTimeout(1000)
    await page.evaluate(`window.longTasks = [0]; new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) window.longTasks.push(duration)
    }).observe({ type: 'longtask' })`)
    const table = page.getByRole('region', { name: 'Runs' })
    const box = (await table.boundingBox())!
    await page.mouse.move(box.x + 100, box.y + 100)
    for (let turn = 0; turn < 40; turn++) await page.mouse.wheel(0, 400)
    for (const share of [0.25, 0.5, 0.75, 1, 0]) {
      await page.evaluate(`{
        const scroller = document.querySelector('[role=region][aria-label=Runs]')
        scroller.scrollTop = ${share} * scroller.scrollHeight
      }`)
      await page.waitForTimeout(200)
    }
    return page.evaluate<number>('Math.max(...window.longTasks)')
  }

  it('comes at once when it was read before, and scrolls without a task that is felt', async () => {
    const few = await serve(await workspaceOf(1000))
    const small = await longestTask((await open(few, 1000)).page)
    const workspace = await workspaceOf(RUNS)
    const cold = await open(await serve(workspace), RUNS)
    const large = await longestTask(cold.page)
    // Figures are kept once their folders have rested; the next host reads none again.
    await hosts.pop()?.stop()
    const warm = await open(await serve(workspace), RUNS)
    console.log(
      `${RUNS.toLocaleString('en')} runs: listed after ${cold.rows.toFixed(0)} ms when never read, ${warm.rows.toFixed(0)} ms when read before; with their figures after ${cold.figures.toFixed(0)} and ${warm.figures.toFixed(0)} ms; longest task while scrolling ${large.toFixed(0)} ms (wanted: ${LONGEST_TASK}; among 1,000 runs ${small.toFixed(0)})`,
    )
    expect(warm.figures / cold.figures).toBeLessThan(WARM_SHARE)
    // A task under 50 ms is not told.
    expect(large / Math.max(small, 50)).toBeLessThan(TASK_RATIO)
  })
})
