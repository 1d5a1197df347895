/**
 * docs/reference.md from the registries: `node scripts/reference.mjs` writes it, `--check` fails where it is not what would
 * be written. Reads the sources themselves, so that no build is needed.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createServer } from 'vite'

const ROOT = resolve(import.meta.dirname, '..')
const PAGE = join(ROOT, 'docs', 'reference.md')

// The sources are TypeScript and list their folders by import.meta.glob: Vite runs them as the tests do.
const vite = await createServer({
  root: ROOT,
  configFile: false,
  logLevel: 'error',
  appType: 'custom',
  server: { middlewareMode: true, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
})
const source = (path) => vite.ssrLoadModule(`/src/${path}`)
const { listRegistries } = await source('main/services/list-registries.ts')
const { PRESETS, MANY_TASKS } = await source('main/engine/training/recipes/recipes.ts')
const { optionDefault, optionRange, optionValue } = await source('shared/option-words.ts')
const registries = await listRegistries()
await vite.close()

const page = render(registries)
if (process.argv.includes('--check')) {
  if (read(PAGE) !== page) {
    process.stderr.write(
      'docs/reference.md is not what the registries say. Write it anew: node scripts/reference.mjs\n',
    )
    process.exitCode = 1
  }
} else {
  writeFileSync(PAGE, page)
  process.stdout.write('docs/reference.md\n')
}

function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

function render(all) {
  const parts = [
    '# Reference',
    '',
    'Every teacher, sampler, generator, head, loss, encoder, backend, measure, preset, setting, protocol rule, exporter, index engine and source, with its options. Made from the registries by `node scripts/reference.mjs`; the same text is shown by `npm run hydra -- list KIND` and in the form of the page *Train*.',
    '',
    'A variant is chosen by its flag (`--generator`, `--head`, `--loss`, `--teacher`, `--sampler`), an option by `--set`: of a variant as `--set teacher.k1=0.9`, of a loss by its own name as `--set pairwise.weighted=off`, of the recipe as `--set learningRate=3e-4`. Whatever is not said stays as the preset has it. Formulas are in [method.md](method.md); how to add a variant is in [extending.md](extending.md).',
    '',
    all.map(({ title }) => `[${title}](#${anchor(title)})`).join(' · '),
  ]
  for (const registry of all) parts.push(...section(registry))
  return `${parts.join('\n')}\n`
}

function section({ kind, title, summary, entries }) {
  const parts = ['', `## ${title}`, '', summary]
  if (kind === 'preset') return [...parts, '', ...presetTables(entries)]
  if (entries.every(({ options, citation }) => options.length === 0 && citation === '')) {
    return [
      ...parts,
      '',
      ...table(
        ['name', '', ''],
        entries.map((one) => [`\`${one.name}\``, one.title, one.summary]),
      ),
    ]
  }
  for (const entry of entries) parts.push('', ...variant(entry))
  return parts
}

function variant({ name, title, summary, citation, options }) {
  const isGroup = citation === ''
  const parts = [isGroup || name === title ? `### ${title}` : `### ${title}: \`${name}\``, '', summary]
  if (citation) parts.push('', `*${citation}*`)
  if (options.length === 0) return parts
  const hasDefaults = options.some((option) => option.default !== undefined)
  const titles = ['option', ...(hasDefaults ? ['default'] : []), 'range', '']
  const rows = options.map((option) => [
    `\`${option.name}\``,
    ...(hasDefaults ? [code(optionDefault(option))] : []),
    optionRange(option),
    option.description,
  ])
  return [...parts, '', ...table(titles, rows)]
}

/** What each preset is, then where they differ and where they agree. */
function presetTables(entries) {
  const recipes = PRESETS.map((preset) => [preset.recipe(1), preset.recipe(MANY_TASKS)].map(flatten))
  const names = Object.keys(recipes[0][0])
  const rows = names.map((name) => [
    `\`${name}\``,
    ...recipes.map(([few, many]) => {
      const [a, b] = [words(few[name]), words(many[name])]
      return a === b ? a : `${a} / ${b}`
    }),
  ])
  return [
    ...table(
      ['preset', '', ''],
      entries.map(({ name, title, summary }) => [`\`${name}\``, title, summary]),
    ),
    '',
    `What each of them sets. Two values: for fewer than ${MANY_TASKS} trained tasks / from ${MANY_TASKS} on.`,
    '',
    ...table(['', ...entries.map(({ name }) => `\`${name}\``)], rows),
  ]
}

/** Objects of settings by dotted names, as `--set` has them; a variant stays one value. */
function flatten(recipe) {
  return Object.fromEntries(
    Object.entries(recipe).flatMap(([name, value]) =>
      value && typeof value === 'object' && !Array.isArray(value) && !('name' in value)
        ? Object.entries(value).map(([part, inner]) => [`${name}.${part}`, inner])
        : [[name, value]],
    ),
  )
}

function words(value) {
  if (Array.isArray(value) && value.every((one) => one && typeof one === 'object'))
    return value.map(words).join(' + ')
  if (value && typeof value === 'object' && 'name' in value) {
    const { name, options, weight = 1 } = value
    const said = Object.entries(options).map(([option, set]) => `${option} ${words(set)}`)
    return `${weight === 1 ? '' : `${weight} · `}${name}${said.length > 0 ? ` (${said.join('; ')})` : ''}`
  }
  return Array.isArray(value) ? value.join(', ') : optionValue(value)
}

function table(titles, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(titles), line(titles.map(() => '---')), ...rows.map(line)]
}

function code(text) {
  return text === '' ? '' : `\`${text}\``
}

function anchor(title) {
  return title.toLowerCase().replaceAll(' ', '-')
}
