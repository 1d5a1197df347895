/**
 * Pictures of every page for the README from a real workspace: `node scripts/screenshots.mjs DIR`, where DIR is a workspace in
 * which the demo and an audit have run. A head is exported into it. The folder of the workspace, which Settings shows, is another
 * one in the picture. Writes docs/screenshots/<page>-<theme>.png; needs Debian's chromium.
 */
import { spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { chromium } from 'playwright-core'
import { buildWhenStale } from './build-when-stale.mjs'

const ROOT = resolve(import.meta.dirname, '..')
const OUT = join(ROOT, 'docs', 'screenshots')
const SIZE = { width: 1280, height: 800 }
/** Stands in pictures for the folder of this workspace. */
const SHOWN_FOLDER = '/home/you/hydra-workspace'
const SEARCH = new URLSearchParams({
  q: 'wedding',
  describe: 'find the musical instrument most related to the query',
})

const workspace = process.argv[2]
if (!workspace) {
  process.stderr.write('usage: node scripts/screenshots.mjs WORKSPACE\n')
  process.exit(2)
}

/** Puts the folder of nobody in the place of this workspace's, wherever a page shows it. */
const OF_NOBODY = `{
  const folder = ${JSON.stringify(resolve(workspace))}
  const other = (text) => text.replaceAll(folder, '${SHOWN_FOLDER}')
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) if (texts.currentNode.data.includes(folder)) texts.currentNode.data = other(texts.currentNode.data)
  for (const field of document.querySelectorAll('[placeholder]')) field.placeholder = other(field.placeholder)
}`

await buildWhenStale()
await mkdir(OUT, { recursive: true })
const host = spawn(
  process.execPath,
  [join(ROOT, 'out/main/serve.js'), '--workspace', resolve(workspace), '--port', '0'],
  {
    // Which workspaces were opened on this machine is nobody else's.
    env: {
      ...process.env,
      ELECTRON_OVERRIDE_DIST_PATH: '/nonexistent',
      XDG_CONFIG_HOME: join(resolve(workspace), 'cache', 'pictures'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  },
)
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--headless'],
})
try {
  const address = await printedAddress(host)
  for (const theme of ['light', 'dark']) {
    const page = await browser.newPage({ viewport: SIZE, colorScheme: theme, deviceScaleFactor: 2 })
    const take = async (name, path, ready) => {
      await page.goto('about:blank')
      await page.goto(`${address}&path=${encodeURI(path)}`)
      await ready()
      // The chart library comes after the page, and draws in one frame; what is read in a worker needs a moment more.
      await page.waitForTimeout(1500)
      await page.evaluate(OF_NOBODY)
      await page.screenshot({ path: join(OUT, `${name}-${theme}.png`) })
      process.stdout.write(`${join('docs', 'screenshots', `${name}-${theme}.png`)}\n`)
    }
    await take('home', '/', () => page.getByRole('heading', { name: 'Last verdicts' }).waitFor())
    await take('runs', '/runs', () => page.getByRole('link', { name: /Demo/ }).first().waitFor())
    await take('compare', '/compare?k=4', () => page.getByRole('heading', { name: 'Ladder' }).waitFor())
    const run = new URL(page.url().replace('#', '')).searchParams.get('run')
    await page.setViewportSize({ width: SIZE.width, height: 1400 })
    await take('compare-whole', `/compare?run=${run}&k=4`, () =>
      page.getByRole('heading', { name: 'Ladder' }).waitFor(),
    )
    await page.setViewportSize(SIZE)
    await take('train', `/runs/${run}`, () => page.getByRole('img', { name: /^Training loss/ }).waitFor())
    await take('datasets', '/datasets/wordnet-finds?view=documents', () =>
      page.getByPlaceholder('Words, or a phrase in quotes').waitFor(),
    )
    await take('cards', '/cards', () => page.getByRole('heading', { level: 1, name: 'Cards' }).waitFor())
    // The first search of a host loads the encoder and the corpus.
    await take('playground', `/playground?run=${run}&${SEARCH}`, async () => {
      const card = page.getByRole('region', { name: 'This card' })
      await card.getByRole('listitem').first().waitFor({ timeout: 120_000 })
      await page.locator('[aria-busy="false"]').waitFor()
    })
    await take('teachers', '/teachers', () => page.getByRole('heading', { name: 'Audit teachers' }).waitFor())
    await take('export', `/export?run=${run}`, async () => {
      await page.getByRole('button', { name: 'Export', exact: true }).click()
      await page.getByRole('heading', { name: 'Search with it' }).waitFor({ timeout: 60_000 })
    })
    await take('settings', '/settings', async () => {
      // Each backend is loaded and tried.
      await page
        .getByRole('button', { name: 'Copy diagnostics', disabled: false })
        .waitFor({ timeout: 60_000 })
    })
    await page.close()
  }
} finally {
  await browser.close()
  host.kill('SIGTERM')
}

/** The address that the host prints once it listens. */
function printedAddress(child) {
  return new Promise((found, failed) => {
    let said = ''
    const listen = (chunk) => {
      said += chunk
      const match = /https?:\/\/\S+#token=[^\s"]+/.exec(said)
      if (match) found(match[0])
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.once('exit', () => failed(new Error(`the host ended: ${said}`)))
  })
}
