import { optionDefault, optionRange } from '../../../../shared/option-words'
import type { OptionDescription, Registry } from '../../../../shared/schemas/registry'
import { listRegistries } from '../../../services/list-registries'
import { alignTable } from '../align-table'
import { defineCommand } from '../arguments/command'
import { usageError } from '../arguments/usage-error'
import { pad, textWidth, wrap } from '../fit-text'

export const list = defineCommand({
  description: 'what there is to choose from: teachers, heads, losses, presets, settings …',
  arguments: { kind: { optional: true, description: 'of what: loss, losses, head … (all)' } },
  mode: 'read',
  async run({ args, terminal }) {
    const registries = await listRegistries()
    if (args.kind === undefined)
      return { json: registries, text: () => overview(registries, terminal.columns) }
    const asked = args.kind.toLowerCase()
    const registry = registries.find(({ kind, title }) =>
      [kind, `${kind}s`, `${kind}es`, title.toLowerCase()].includes(asked),
    )
    if (!registry) {
      throw usageError(`a kind: ${registries.map(({ kind }) => kind).join(', ')}`, `“${args.kind}”`)
    }
    return { json: registry, text: () => describe(registry, terminal.columns) }
  },
})

function overview(registries: readonly Registry[], columns: number): string {
  const width = Math.max(...registries.map(({ kind }) => textWidth(kind)))
  const lines = registries.flatMap(({ kind, entries }) =>
    wrap(entries.map(({ name }) => name).join(', '), columns - width - 2).map(
      (line, i) => `${pad(i === 0 ? kind : '', width)}  ${line}`,
    ),
  )
  return [...lines, '', 'One kind with its options: hydra list loss'].join('\n')
}

function describe({ title, summary, entries }: Registry, columns: number): string {
  const parts = [...wrap(`${title}: ${summary}`, columns)]
  for (const entry of entries) {
    parts.push('', entry.name === entry.title ? entry.name : `${entry.name}: ${entry.title}`)
    parts.push(...indent(entry.summary, columns))
    if (entry.citation) parts.push(...indent(entry.citation, columns))
    if (entry.options.length > 0) parts.push(optionTable(entry.options, columns))
  }
  return parts.join('\n')
}

function indent(text: string, columns: number): string[] {
  return wrap(text, columns - 2).map((line) => `  ${line}`)
}

/** Ranges that name many words would leave the description no room. */
const MOST_RANGE = 32

function optionTable(options: readonly OptionDescription[], columns: number): string {
  const hasDefaults = options.some((option) => option.default !== undefined)
  const cells = options.map((option) => [
    [`  ${option.name}`],
    ...(hasDefaults ? [[optionDefault(option)]] : []),
    wrap(optionRange(option), MOST_RANGE),
  ])
  const widest = (i: number) => Math.max(...cells.flatMap((row) => row[i].map(textWidth)))
  const used = cells[0].reduce((sum, _, i) => sum + 2 + widest(i), 0)
  const rows = options.flatMap((option, i) => {
    const parts = [...cells[i], wrap(option.description, Math.max(30, columns - used))]
    const lines = Math.max(...parts.map(({ length }) => length))
    return Array.from({ length: lines }, (_, line) => parts.map((part) => part[line] ?? ''))
  })
  const titles = ['  option', ...(hasDefaults ? ['default'] : []), 'range', '']
  return alignTable(
    titles.map((title) => ({ title })),
    rows,
  )
}
