import { Argument, Option } from 'commander'
import type { RegistryKind } from '../../../../shared/schemas/registry'
import { CodedCommand } from './coded-command'
import {
  type AnyArgs,
  type ArgumentSpec,
  type CommandDefinition,
  type CommandGroup,
  type CommandNode,
  GLOBAL_OPTIONS,
  type OptionSpec,
  type Options,
} from './command'
import { usageError } from './usage-error'

const GLOBAL_GROUP = 'Global options:'

interface ProgramOptions {
  readonly words: readonly string[]
  readonly version: string
  /** Width of the help, in columns. */
  readonly columns: number
  /** Names of the variants of a registry, which only a help that shows them asks for. */
  variantNames(kind: RegistryKind): Promise<readonly string[]>
  /** Takes the help or the version. */
  print(text: string): void
  /** Hears how far the words lead: `hydra datasets import`. */
  reach(path: string): void
  act(command: CommandDefinition, args: AnyArgs): Promise<void>
}

/**
 * A tree of commands as a program of commander, for these words alone: `parseAsync(words, { from: 'user' })` acts.
 * It throws USAGE for words that are not understood, and what the act throws; a CommanderError of exit code 0 says that
 * the help or the version was printed.
 */
export function buildProgram(root: CommandGroup, options: ProgramOptions): CodedCommand {
  const program = new CodedCommand('hydra')
    .addHelpOption(new Option('-h, --help', 'show this help').helpGroup(GLOBAL_GROUP))
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .configureOutput({
      writeOut: (text) => options.print(text),
      getOutHelpWidth: () => options.columns,
    })
    // Each command reads its own words, so that an option means what it means there; global ones may stand anywhere.
    .enablePositionalOptions()
    .version(options.version, '--version', 'print the version')
  return addNode(program, root, options)
}

function addNode(program: CodedCommand, node: CommandNode, options: ProgramOptions): CodedCommand {
  program.description(node.description)
  if ('commands' in node) addCommands(program, node, options)
  else addAction(program, node, options)
  for (const option of optionsOf(GLOBAL_OPTIONS, options.words))
    program.addOption(option.helpGroup(GLOBAL_GROUP))
  return program
}

function addCommands(program: CodedCommand, { commands }: CommandGroup, options: ProgramOptions): void {
  for (const [name, node] of Object.entries(commands)) addNode(program.command(name), node, options)
  const asksForHelp = options.words.some((word) => word === '-h' || word === '--help')
  program.hook('preSubcommand', async (_, command) => {
    const reached = command as CodedCommand
    options.reach(reached.path)
    const node = commands[reached.name()]
    if (asksForHelp && 'variants' in node) await nameVariants(reached, node.variants ?? {}, options)
  })
}

function addAction(program: CodedCommand, definition: CommandDefinition, options: ProgramOptions): void {
  const { arguments: named = {}, options: own = {} } = definition
  for (const [name, spec] of Object.entries(named)) program.addArgument(argumentOf(name, spec))
  for (const option of optionsOf(own, options.words)) program.addOption(option)
  program.action(() => {
    const words = Object.keys(named).map((name, i) => [name, program.processedArgs[i]])
    const chosen = Object.keys({ ...own, ...GLOBAL_OPTIONS }).map((name) => [name, saidOf(program, name)])
    return options.act(definition, Object.fromEntries([...words, ...chosen]))
  })
}

/** What was said of an option, at the command or, of a global one, before it. */
function saidOf(program: CodedCommand, name: string): unknown {
  const key = new Option(`--${name}`).attributeName()
  for (let at: CodedCommand | null = program; at; at = at.parent as CodedCommand | null) {
    const value: unknown = at.getOptionValue(key)
    if (value !== undefined) return value
  }
  return undefined
}

function argumentOf(name: string, { description, optional, many }: ArgumentSpec): Argument {
  const shown = `${name.toUpperCase()}${many ? '...' : ''}`
  return new Argument(optional ? `[${shown}]` : `<${shown}>`, description)
}

function optionsOf(specs: Options, words: readonly string[]): Option[] {
  return Object.entries(specs).flatMap(([name, spec]) => {
    const option = optionOf(name, spec, words)
    return spec.negation === undefined ? [option] : [option, new Option(`--no-${name}`, spec.negation)]
  })
}

function optionOf(name: string, spec: OptionSpec, words: readonly string[]): Option {
  const { description, value, choices, required, repeatable, conflicts = [] } = spec
  const flag = `--${name}`
  if (value === undefined) return new Option(flag, description).conflicts([...conflicts])
  const option = new Option(`${flag} <${value}>`, description).conflicts([...conflicts])
  if (choices) option.choices(choices)
  return option.makeOptionMandatory(required === true).argParser((text: string, before: unknown) => {
    refuseSwallowed(flag, text, words)
    if (required && text.trim() === '') throw usageError(`a value after ${flag}`, 'an empty one')
    // `choices` shows them in the help; this names them where another came.
    if (choices && !choices.includes(text)) throw usageError(`${flag} ${choices.join(' or ')}`, `“${text}”`)
    return repeatable ? [...((before as readonly string[] | undefined) ?? []), text] : text
  })
}

/** `--tasks --json`: the value was forgotten. One that really begins so is written `--tasks=--json`. */
function refuseSwallowed(flag: string, text: string, words: readonly string[]): void {
  const isNextWord = words.some((word, i) => word === flag && words[i + 1] === text)
  if (text.startsWith('--') && isNextWord) throw usageError(`a value after ${flag}`, text)
}

async function nameVariants(
  program: CodedCommand,
  variants: Readonly<Record<string, RegistryKind>>,
  { variantNames }: ProgramOptions,
): Promise<void> {
  for (const [name, kind] of Object.entries(variants)) {
    const option = program.options.find(({ long }) => long === `--${name}`)
    if (option) option.description += `: ${(await variantNames(kind)).join(', ')}`
  }
}
