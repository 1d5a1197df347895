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

/** What people write, where a page may be cited: built fixtures and recorded figures apart. */
const SOURCES = ['src', 'test', 'scripts', 'examples', 'bin', 'docs'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|vue|css|mjs|py|md)$/.test(name))
    .map((name) => join(folder, name).replaceAll('\\', '/'))
    .filter((name) => !name.startsWith('test/output/')),
)
const textOf = (source: string) => readFileSync(join(ROOT, source), 'utf8')

/** Pages of docs/ that a comment cites, with the heading where one is named. */
function citationsOf(source: string): { page: string; heading: string | undefined }[] {
  return [...textOf(source).matchAll(/\b(docs\/[\w/-]+\.md)(?:#([\p{L}\p{N}_-]+))?/gu)].map(
    ([, page, heading]) => ({ page, heading }),
  )
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

  it.each(PAGES)('of %s to files of the repository in code name files that are there', (name) => {
    const named = [...textOf(name).matchAll(/`((?:src|test|scripts|examples|docs)\/[\w./-]+\.\w+)`/g)]
    const missing = named.map(([, path]) => path).filter((path) => !existsSync(join(ROOT, path)))
    // What a release did is told with the names of then.
    expect(name === 'CHANGELOG.md' ? [] : missing).toEqual([])
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

  it('in comments lead to pages and headings that are there', () => {
    const cited = SOURCES.filter((name) => !name.endsWith('.md')).flatMap((source) =>
      citationsOf(source).map((citation) => ({ source, ...citation })),
    )
    const broken = cited.filter(({ page, heading }) => {
      const target = join(ROOT, page)
      return !existsSync(target) || (heading !== undefined && !headingsOf(target).includes(heading))
    })
    expect(cited.filter(({ page, heading }) => page === 'docs/method.md' && heading).length).toBeGreaterThan(
      40,
    )
    expect(broken).toEqual([])
  })

  it('name the section where the method is cited', () => {
    const whole = SOURCES.filter((name) => name.startsWith('src/')).filter((source) =>
      citationsOf(source).some(({ page, heading }) => page === 'docs/method.md' && heading === undefined),
    )
    expect(whole).toEqual([])
  })

  it('cite nothing that a reader does not have: no numbered section of the notes before this project', () => {
    const notes = /\bMETHOD(?: \d|'s|:)/
    expect(SOURCES.filter((source) => notes.test(textOf(source)))).toEqual([])
    expect(notes.test(`the step of ${'METHOD'} 1b`)).toBe(true)
  })
})
