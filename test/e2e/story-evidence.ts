/// <reference types="node" />
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { JobEvent } from '../../src/shared/schemas/job'
import type { Verdict } from '../../src/shared/schemas/verdict'

type Scored = readonly [cards: string, examples: number, row: string, ndcg: string]

/** The rows that a run said were scored, from its events. */
export async function scoredRows(workspace: string, run: string): Promise<Scored[]> {
  const lines = (await readFile(join(workspace, 'runs', run, 'events.jsonl'), 'utf8')).trim().split('\n')
  return sorted(
    lines
      .map((line) => JSON.parse(line) as JobEvent)
      .flatMap((event) => (event.type === 'ladder' ? [event] : []))
      .flatMap(({ cards, examples, rows }) =>
        rows.map(({ row, bm25, mean }) => scored(cards, examples, `${row} ${bm25}`, mean['nDCG@10'])),
      ),
  )
}

/** Those of its verdict. */
export async function verdictRows(workspace: string, run: string): Promise<Scored[]> {
  const { rows } = JSON.parse(await readFile(join(workspace, 'runs', run, 'results.json'), 'utf8')) as Verdict
  return sorted(
    rows.map(({ cards, examples, row, bm25, mean }) =>
      scored(cards, examples, `${row} ${bm25}`, mean['nDCG@10'].value),
    ),
  )
}

function scored(cards: string, examples: number, row: string, ndcg: number): Scored {
  return [cards, examples, row, ndcg.toFixed(9)]
}

function sorted(rows: Scored[]): Scored[] {
  return rows.sort((a, b) => a.join().localeCompare(b.join()))
}

/** Files of the vector cache: an encoding that is stopped leaves another one. */
export async function cachedBlocks(workspace: string): Promise<string[]> {
  const files = await readdir(join(workspace, 'cache', 'vectors'), { recursive: true }).catch(() => [])
  return files.filter((file) => file.endsWith('.safetensors')).sort()
}

/** From here on the page's notifications are kept instead of shown, and nobody looks at the window. */
export async function hearNotifications(page: Page): Promise<void> {
  await page.evaluate(`
    window.heard = []
    window.Notification = class {
      static permission = 'default'
      static requestPermission = async () => 'granted'
      constructor(title, { body }) { window.heard.push(title + ': ' + body) }
    }
    document.hasFocus = () => false
  `)
}

export function heardNotifications(page: Page): Promise<string[]> {
  return page.evaluate('window.heard')
}

/** The file of the head that is open on the page Export, as its address names it. */
export function exportedHead(workspace: string, page: Page): string {
  const query = new URLSearchParams(page.url().split('?')[1])
  return join(workspace, 'runs', query.get('of') ?? '', 'exports', query.get('file') ?? '')
}

/** Every head file in the folders of the runs. */
export async function exportedHeads(workspace: string): Promise<string[]> {
  const files = await readdir(join(workspace, 'runs'), { recursive: true })
  return files.filter((file) => /exports.*\.safetensors$/.test(file))
}
