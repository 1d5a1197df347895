import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { expect, it } from 'vitest'
import { workspacePaths } from '../../src/main/workspace/paths'
import { FIRST, writeComparedRun, writeDataset } from '../compared-runs'
import { missingBrowser, openBrowser, openPage } from '../e2e/open-browser'
import { startHost } from '../e2e/start-host'
import { temporaryFolder } from '../temporary-folder'

const POINTS = 500_000
const BOUND_MS = 1000
const TURNS = 3

/**
 * The learning curve of a training of half a million points, from the address to what is on screen: the events are read in the
 * session, travel as columns and are thinned by the chart. The session is warm, as after any look at a run.
 */
it('half a million points of a curve open in under a second', async (context) => {
  const missing = missingBrowser()
  if (missing) return context.skip(missing)
  const workspace = await temporaryFolder()
  await writeDataset(workspace)
  const small = await writeComparedRun(workspace, FIRST, { title: 'Small' })
  const long: string[] = []
  for (let turn = 0; turn < TURNS; turn++) {
    const { id } = await writeComparedRun(workspace, FIRST, { title: `Long ${turn}`, minute: 1 + turn })
    await writeLosses(workspacePaths(workspace).run(id).events, id)
    long.push(id)
  }
  const host = await startHost(workspace)
  const browser = await openBrowser()
  try {
    const { page } = await openPage(browser)
    await page.goto(`${host.url}&path=/compare?run=${small.id}`)
    await page.getByRole('img', { name: /^Loss of task card: .* at step 300/ }).waitFor()
    const times: number[] = []
    for (const [turn, id] of long.entries()) {
      const ms = await page.evaluate<number>(`new Promise((done) => {
        const begun = performance.now()
        location.hash = '#/compare?run=${id}'
        const look = () => {
          const chart = [...document.querySelectorAll('[role=img]')].find((one) => one.ariaLabel.startsWith('Loss of task card: Long ${turn} ') && one.ariaLabel.endsWith('at step ${POINTS}.'))
          if (chart?.querySelector('svg path')) requestAnimationFrame(() => done(performance.now() - begun))
          else requestAnimationFrame(look)
        }
        look()
      })`)
      times.push(ms)
    }
    const median = times.toSorted((a, b) => a - b)[Math.floor(TURNS / 2)]
    console.log(
      `${POINTS.toLocaleString('en')} points of a curve: ${Math.round(median)} ms from address to screen (${times.map(Math.round).join(', ')}; bound ${BOUND_MS})`,
    )
    expect(median).toBeLessThan(BOUND_MS)
  } finally {
    await browser.close()
    await host.stop()
  }
})

async function writeLosses(file: string, run: string): Promise<void> {
  const out = createWriteStream(file)
  const batch = 10_000
  for (let from = 0; from < POINTS; from += batch) {
    let text = ''
    for (let i = from + 1; i <= from + batch; i++) {
      const loss = 2 + 4 * Math.exp(-i / 90_000) + 0.3 * Math.sin(i * 12.9898)
      text += `{"type":"loss","at":${1_773_000_000_000 + 20 * i},"run":"${run}","arm":"task card","step":${i},"steps":${POINTS},"loss":${loss}}\n`
    }
    if (!out.write(text)) await new Promise<void>((done) => out.once('drain', () => done()))
  }
  out.end()
  await finished(out)
}
