import { createHash } from 'node:crypto'
import { pageAddress } from './page-address'

/** Selects the report and copies it: a page without an origin has no clipboard of its own. */
const SCRIPT = `document.querySelector('button').addEventListener('click', ({ target }) => {
  getSelection().selectAllChildren(document.querySelector('pre'))
  target.textContent = document.execCommand('copy') ? 'Copied' : 'Copy it by hand'
})`

const STYLE = `:root { color-scheme: light dark; font: 14px/1.5 system-ui, sans-serif }
body { max-width: 42rem; margin: 12vh auto; padding: 0 1.5rem; background: light-dark(#fff, #121316); color: light-dark(#17181c, #eceef2) }
h1 { font-size: 1.25rem }
pre { padding: .75rem; overflow: auto; border: 1px solid light-dark(#e5e5ea, #2a2d33); border-radius: 6px; font-size: .8125rem }
a, button { display: inline-block; margin-inline-end: .5rem; padding: .35rem .75rem; border: 1px solid light-dark(#8a8a94, #6d717b); border-radius: 4px; background: none; color: inherit; font: inherit; text-decoration: none; cursor: pointer }
a { background: light-dark(#17181c, #eceef2); color: light-dark(#fff, #121316) }`

/**
 * What the window shows when its page is gone, as an address that needs no file: the files may be what is missing.
 *
 * @param report lines to copy into a report of the fault
 */
export function crashPage(report: readonly string[]): string {
  const hash = createHash('sha256').update(SCRIPT).digest('base64')
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Hydra Workbench</title>
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'">
<style>${STYLE}</style></head>
<body><main><h1>The page stopped</h1>
<p>Work that was running goes on, in processes of its own; what was typed into forms is kept.</p>
<p><a href="${pageAddress()}">Reload</a> <button type="button">Copy diagnostics</button></p>
<pre tabindex="0" aria-label="Diagnostics">${inHtml(report.join('\n'))}</pre></main>
<script>${SCRIPT}</script></body></html>`
  return `data:text/html;charset=utf-8,${encodeURIComponent(html)}`
}

function inHtml(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
