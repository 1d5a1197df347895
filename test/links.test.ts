import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '..')

/** The pages that a reader of the repository meets. */
const PAGES = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...['docs', 'examples'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name)),
  ),
]

/** Links of a page to files of the repository: `file#heading`, code left out. */
function linksOf(page: string): string[] {
  const prose = readFileSync(page, 'utf8')
    .replace(/^```[\s\S]*?^```/gm, '')
    .replace(/`[^`\n]*`/g, 'code')
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g), ...prose.matchAll(/(?:src|srcset|href)="([^"]+)"/g)]
  return targets.map(([, target]) => target).filter((target) => !/^[a-z]+:/.test(target))
}

/** GitHub's names of a page's headings: lower case, punctuation dropped, spaces as dashes. */
function headingsOf(page: string): string[] {
  const prose = readFileSync(page, 'utf8').replace(/^```[\s\S]*?^```/gm, '')
  return [...prose.matchAll(/^#{1,6} +(.+)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

describe('links', () => {
  it.each(PAGES)('of %s lead somewhere', (name) => {
    const page = join(ROOT, name)
    const broken = linksOf(page).filter((link) => {
      const [file, heading] = link.split('#')
      const target = file === '' ? page : resolve(dirname(page), file)
      if (!existsSync(target) || relative(ROOT, target).startsWith('..')) return true
      return heading !== undefined && (!statSync(target).isFile() || !headingsOf(target).includes(heading))
    })
    expect(broken).toEqual([])
  })

  it('are found, and so are headings', () => {
    expect(linksOf(join(ROOT, 'docs', 'decisions', 'README.md')).length).toBeGreaterThan(10)
    expect(headingsOf(join(ROOT, 'docs', 'architecture.md'))).toContain(
      'where-this-differs-from-the-first-design-and-why',
    )
  })

  it('name every record of a decision once, in order', () => {
    const records = PAGES.filter((page) => /decisions.\d{4}-/.test(page)).map(
      (page) => page.split(/[\\/]/).at(-1)!,
    )
    const listed = linksOf(join(ROOT, 'docs', 'decisions', 'README.md')).filter((link) =>
      /^\d{4}-/.test(link),
    )
    expect(listed).toEqual(records.sort())
    expect(records.map((name) => Number(name.slice(0, 4)))).toEqual(records.map((_, i) => i + 1))
  })
})
