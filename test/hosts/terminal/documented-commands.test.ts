import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildProgram } from '../../../src/main/hosts/terminal/arguments/build-program'
import { root } from '../../../src/main/hosts/terminal/commands/root'
import { HydraError } from '../../../src/shared/errors'

const ROOT = resolve(import.meta.dirname, '..', '..', '..')
const PAGES = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', join('examples', 'README.md')],
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
]

const BLOCK = /^```\w*\n([\s\S]*?)^```/gm

/** Command lines of a page: in code blocks, in code within the text, and in the README's table, without `hydra`. */
function linesOf(page: string): string[] {
  const text = readFileSync(join(ROOT, page), 'utf8')
  const blocks = [...text.matchAll(BLOCK)].flatMap(([, block]) => block.split('\n'))
  const inline = [...text.replace(BLOCK, '').matchAll(/`([^`\n]+)`/g)].map(([, code]) => code)
  const table = [...text.matchAll(/^\| (`.+?`) \|/gm)]
    .flatMap(([, cell]) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => `hydra ${code}`))
    .filter((line) => page === 'README.md' && Object.hasOwn(root.commands, line.split(' ')[1]))
  return [...blocks, ...inline, ...table].flatMap((line) => {
    const found = /^(?:npm run (?:--silent )?hydra --|hydra) (.+?)(?: {2,}#.*)?$/.exec(line.trim())
    return found && !/^(COMMAND|…)$/.test(found[1]) ? [firstReading(found[1])] : []
  })
}

/** `(--task T \| --card FILE) [--k 10] --format a\|b` is read as `--task T --k 10 --format a`. */
function firstReading(synopsis: string): string {
  return synopsis
    .replace(/\((.*?) \\\|.*?\)/g, '$1')
    .replace(/\\\|\S*?(?=[\s\]]|$)/g, '')
    .replace(/\[(--.*?)\]/g, '$1')
}

/** Words as a shell splits them: by spaces outside of quotes. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) => word.replace(/['"]/g, ''))
}

const documented = PAGES.flatMap((page) => [...new Set(linesOf(page))].map((line) => [page, line] as const))

describe('commands in the documentation', () => {
  it('are found: examples on many pages, and every command in the table of the README', () => {
    expect(new Set(documented.map(([page]) => page)).size).toBeGreaterThan(5)
    const inReadme = documented.filter(([page]) => page === 'README.md').map(([, line]) => line.split(' ')[0])
    expect(new Set(inReadme)).toEqual(new Set(Object.keys(root.commands)))
  })

  it.each(documented)('%s: hydra %s', async (_, line) => {
    const words = wordsOf(line)
    let reached = ''
    const program = buildProgram(root, {
      words,
      version: '0',
      columns: 80,
      variantNames: async () => [],
      print: () => undefined,
      reach: (path) => {
        reached = path
      },
      act: async () => undefined,
    })
    const slip: unknown = await program.parseAsync(words, { from: 'user' }).then(
      () => undefined,
      (error) => (error instanceof HydraError ? error.detail : undefined),
    )
    // A command that is only named, as in “see `hydra train`”, may lack what it needs.
    const isNamed = reached === `hydra ${line}`
    expect(isNamed ? undefined : slip).toBeUndefined()
  })
})
