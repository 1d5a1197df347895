import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { basename, dirname, join, relative, resolve } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const SRC = resolve(import.meta.dirname, '..', 'src')

/** Which room a room may import from, besides itself. The first pattern that a path begins with is its room. */
const ROOMS: readonly (readonly [room: string, from: readonly string[]])[] = [
  ['shared/', []],
  ['preload/', ['shared/']],
  ['renderer/', ['shared/']],
  ['main/files/', ['shared/']],
  ['main/engine/', ['main/files/', 'shared/']],
  ['main/workspace/', ['main/files/', 'shared/']],
  ['main/pipeline/', ['main/workspace/', 'main/engine/', 'main/files/', 'shared/']],
  ['main/jobs/', ['main/pipeline/', 'main/workspace/', 'main/engine/', 'main/files/', 'shared/']],
  [
    'main/services/',
    ['main/jobs/', 'main/pipeline/', 'main/workspace/', 'main/engine/', 'main/files/', 'shared/'],
  ],
  ['main/hosts/', ['main/services/', 'shared/']],
  // Entries: index.ts, serve.ts, cli.ts.
  ['main/', ['main/hosts/']],
]

/**
 * What the terminal, alone among the hosts, reads of the engine besides: the names and options that a command line
 * chooses from, and the table that `compare` prints. The index of any registry counts, too.
 */
const READ_BY_TERMINAL = [
  'main/engine/registry',
  'main/engine/measures',
  'main/engine/training/recipes',
  'main/engine/reporting/comparison-table',
]

/** Inside the engine the data's way: a folder imports from itself and from folders before it. */
const ENGINE = [
  'numeric',
  'formats',
  'registry',
  'statistics',
  'measures',
  'datasets',
  'encoders',
  'retrieval',
  'indexes',
  'teachers',
  'generation',
  'protocol',
  'preferences',
  'hypernet',
  'training',
  'evaluation',
  'exporting',
  'reporting',
]

/** Inside the window: what all pages share, then the pages by feature, then the shell. */
const RENDERER = [
  'api',
  'display',
  'stores',
  'components',
  'charts',
  'jobs',
  'datasets',
  'cards',
  'teachers',
  'runs',
  'train',
  'compare',
  'playground',
  'exports',
  'settings',
  'home',
  'app',
]

/** Packages that only some places may name; the rest of the dependencies are free on the main side. */
const PACKAGES: readonly (readonly [name: RegExp, places: readonly string[]])[] = [
  [/^electron($|\/)/, ['main/hosts/electron/', 'preload/']],
  [/^@xenova\/transformers/, ['main/engine/encoders/transformers/']],
  [/^@orpc\/server/, ['main/services/', 'main/hosts/']],
  [/^@orpc\/contract/, ['shared/', 'renderer/']],
  [/^@orpc\/client/, ['renderer/']],
  [/^(commander|string-width|wrap-ansi)$/, ['main/hosts/terminal/']],
  [/^(pg|@qdrant\/.*)$/, ['main/engine/indexes/']],
  [/^ws$/, ['main/hosts/web/']],
  [/^(vue|vue-router|pinia|naive-ui|echarts|vue-echarts)($|\/)/, ['renderer/']],
  [/^(node:)?child_process$/, ['main/jobs/', 'main/hosts/web/']],
  [/^(node:)?http$/, ['main/hosts/web/', 'main/hosts/api/']],
  [/^(@orpc\/openapi|prom-client)($|\/)/, ['main/hosts/api/']],
]

interface Import {
  readonly from: string
  readonly to: string
}

/** Every import of every source file: static, dynamic, of types, and re-exports. */
const imports: Import[] = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(ts|vue)$/.test(name))
  .flatMap((name) => {
    const text = readFileSync(join(SRC, name), 'utf8')
    const scripts = name.endsWith('.vue')
      ? [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map((match) => match[1]).join('\n')
      : text
    return ts.preProcessFile(scripts, true, true).importedFiles.map(({ fileName }) => ({
      from: name.replaceAll('\\', '/'),
      to: fileName,
    }))
  })

const isRelative = ({ to }: Import) => to.startsWith('.')
const target = ({ from, to }: Import) => relative(SRC, resolve(SRC, dirname(from), to)).replaceAll('\\', '/')
/** Scripts to copy are shown as the tests run them: as text. */
const isShownScript = ({ from, to }: Import) =>
  from.startsWith('renderer/exports/') && /\/examples\/[\w.-]+\?raw$/.test(to)
const roomOf = (path: string) => ROOMS.find(([room]) => path.startsWith(room))
const isRegistry = (folder: string) =>
  existsSync(join(SRC, folder, 'index.ts')) &&
  readFileSync(join(SRC, folder, 'index.ts'), 'utf8').includes('import.meta.glob')
const isWithin = (path: string, place: string) => path === place || path.startsWith(`${place}/`)
const isReadByTerminal = (to: string) =>
  READ_BY_TERMINAL.some((place) => isWithin(to, place)) ||
  (to.startsWith('main/engine/') && isRegistry(to.replace(/\/index$/, '')))
/** @param from a file of src/  @param to what it names, a file without its ending or a folder with an index */
function mayImport(from: string, to: string): boolean {
  const own = roomOf(from)
  const other = roomOf(to)
  if (!own || !other) return false
  if (own === other || own[1].includes(other[0])) return true
  return from.startsWith('main/hosts/terminal/') && isReadByTerminal(to)
}
const show = (offenders: readonly Import[]) => offenders.map(({ from, to }) => `${from} imports ${to}`)

describe('the import rule', () => {
  it('sees the imports', () => {
    expect(imports.length).toBeGreaterThan(200)
    expect(imports.some(({ from }) => from.endsWith('.vue'))).toBe(true)
  })

  it('lets a room import only from the rooms below it', () => {
    const offenders = imports
      .filter(isRelative)
      .filter((one) => !isShownScript(one) && !mayImport(one.from, target(one)))
    expect(show(offenders)).toEqual([])
  })

  it.each([
    ['main/hosts/terminal/arguments/read-overrides.ts', 'main/engine/registry/registry', true],
    ['main/hosts/terminal/arguments/read-overrides.ts', 'main/engine/training/losses', true],
    ['main/hosts/terminal/arguments/read-overrides.ts', 'main/engine/training/losses/index', true],
    ['main/hosts/terminal/arguments/read-measures.ts', 'main/engine/measures', true],
    ['main/hosts/terminal/render-comparison.ts', 'main/engine/reporting/comparison-table', true],
    ['main/hosts/terminal/render-comparison.ts', 'main/engine/reporting/html-report', false],
    ['main/hosts/terminal/commands/train.ts', 'main/engine/training/losses/infonce', false],
    ['main/hosts/terminal/commands/train.ts', 'main/engine/training/trainer', false],
    ['main/hosts/terminal/commands/train.ts', 'main/pipeline/training/train-run', false],
    ['main/hosts/web/serve-workbench.ts', 'main/engine/registry/registry', false],
    ['main/hosts/listen-for-interrupts.ts', 'main/engine/measures', false],
    ['main/cli.ts', 'main/engine/measures', false],
  ])('on %s, which names %s: %s', (from, to, allowed) => {
    expect(mayImport(from, to)).toBe(allowed)
  })

  it('lets the terminal read nothing of the engine that it does not read', () => {
    const read = imports.filter(({ from }) => from.startsWith('main/hosts/terminal/')).map(target)
    const idle = READ_BY_TERMINAL.filter((place) => !read.some((to) => isWithin(to, place)))
    expect(idle).toEqual([])
  })

  it.each([
    ['the engine', 'main/engine/', ENGINE],
    ['the window', 'renderer/', RENDERER],
  ])('lets a folder of %s import only from folders before it', (_, room, order) => {
    const place = (path: string) => order.indexOf(path.slice(room.length).split('/')[0])
    const inside = imports.filter(isRelative).filter(({ from }) => from.startsWith(room))
    const offenders = inside.filter((one) => {
      const to = target(one)
      if (!to.startsWith(room)) return false
      return place(one.from) < 0 || place(to) < 0 || place(to) > place(one.from)
    })
    expect(inside.length).toBeGreaterThan(50)
    expect(show(offenders)).toEqual([])
  })

  it('lets packages be named only where they belong', () => {
    const offenders = imports.filter((one) => {
      const rule = PACKAGES.find(([name]) => name.test(one.to))
      return rule !== undefined && !rule[1].some((place) => one.from.startsWith(place))
    })
    expect(show(offenders)).toEqual([])
  })

  it('keeps zod out of the window, whose policy forbids the functions that it compiles', () => {
    const runtimeImports = (file: string) =>
      [...readFileSync(file, 'utf8').matchAll(/^\s*import (?!type\b)([^'"]*?)from '([^']+)'/gm)]
        .filter(([, names]) => !/^\{(\s*type \w+,?)+\s*\}\s*$/.test(names.trim()))
        .map(([, , to]) => to)
    const brings = (file: string): boolean =>
      runtimeImports(file).some(
        (to) => to === 'zod' || (to.startsWith('.') && brings(`${resolve(dirname(file), to)}.ts`)),
      )
    const shared = readdirSync(join(SRC, 'shared'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && brings(join(SRC, 'shared', name)))
      .map((name) => basename(name))
    expect(shared).toContain('run.ts')
    const offenders = readdirSync(join(SRC, 'renderer'), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ts|vue)$/.test(name))
      .flatMap((name) =>
        runtimeImports(join(SRC, 'renderer', name))
          .filter((to) => /\/shared\//.test(to) && shared.includes(`${to.split('/').pop()}.ts`))
          .map((to) => `${name} imports ${to}`),
      )
    expect(offenders).toEqual([])
  })

  it('keeps folders small: twenty files, registries and the procedures of the contract apart', () => {
    const counts = new Map<string, number>()
    for (const name of readdirSync(SRC, { recursive: true, encoding: 'utf8' })) {
      if (!/\.(ts|vue|css)$/.test(name)) continue
      const folder = dirname(name).replaceAll('\\', '/')
      counts.set(folder, (counts.get(folder) ?? 0) + 1)
    }
    const full = [...counts]
      .filter(([folder, count]) => count > 20 && !isRegistry(folder) && folder !== 'main/services/procedures')
      .map(([folder, count]) => `${folder}: ${count}`)
    expect(full).toEqual([])
  })

  it('keeps Node out of what runs in a browser', () => {
    const offenders = imports.filter(
      ({ from, to }) =>
        /^(renderer|shared)\//.test(from) && (to.startsWith('node:') || builtinModules.includes(to)),
    )
    expect(show(offenders)).toEqual([])
  })
})
