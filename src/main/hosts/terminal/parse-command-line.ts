import { type ArgDef, type ArgsDef, type CommandDef, type ParsedArgs, parseArgs } from 'citty'
import { usageError } from './usage-error'
import { GLOBAL_OPTIONS } from './verb'

/** Where in the tree the words lead, and what is left of them. Options may stand before the command. */
export function findCommand(
  root: CommandDef,
  words: readonly string[],
): { path: string[]; command: CommandDef; rest: string[] } {
  const path = ['hydra']
  const early: string[] = []
  let command = root
  let at = 0
  while (command.subCommands && at < words.length) {
    const word = words[at]
    if (word.startsWith('-')) {
      early.push(word)
      const takesValue = !word.includes('=') && isValueOption(GLOBAL_OPTIONS, word)
      if (takesValue && at + 1 < words.length) early.push(words[++at])
    } else {
      const next = (command.subCommands as Record<string, CommandDef>)[word]
      if (!next || !Object.hasOwn(command.subCommands, word))
        return { path, command, rest: [...words.slice(at)] }
      path.push(word)
      command = next
    }
    at++
  }
  return { path, command, rest: [...early, ...words.slice(at)] }
}

/** Reads a command's options strictly: an unknown one, a missing value or a word too many is a usage error. */
export function readArgs(command: CommandDef, rest: readonly string[]): ParsedArgs<ArgsDef> {
  const args = (command.args ?? {}) as ArgsDef
  checkOptions(args, rest)
  const { words, repeated } = takeRepeated(rest)
  let parsed: ParsedArgs<ArgsDef>
  try {
    parsed = Object.assign(parseArgs(words, args), repeated)
  } catch (error) {
    throw usageError('all that the command needs', (error as Error).message)
  }
  const positionals = Object.values(args).filter(({ type }) => type === 'positional')
  const most = positionals.some(takesMany) ? Number.POSITIVE_INFINITY : positionals.length
  if (parsed._.length > most) {
    throw usageError(
      most === 0 ? 'no further words' : `${most} of them`,
      parsed._.map((word) => `“${word}”`).join(' '),
    )
  }
  return parsed
}

/** A word that may come several times says so by its hint, `ID…`; all of them stand in `_`. */
function takesMany({ valueHint }: ArgDef): boolean {
  return valueHint?.endsWith('…') ?? false
}

/** Options that may be given several times: their values arrive one to a line. */
const REPEATABLE: readonly string[] = ['--set']

function takeRepeated(rest: readonly string[]): { words: string[]; repeated: Record<string, string> } {
  const end = rest.includes('--') ? rest.indexOf('--') : rest.length
  const words: string[] = []
  const repeated: Record<string, string> = {}
  for (let i = 0; i < rest.length; i++) {
    const [flag, value] = splitOnce(rest[i])
    if (i >= end || !REPEATABLE.includes(flag)) words.push(rest[i])
    else {
      const name = flag.slice(2)
      const given = value ?? rest[++i]
      repeated[name] = name in repeated ? `${repeated[name]}\n${given}` : given
    }
  }
  return { words, repeated }
}

function checkOptions(args: ArgsDef, rest: readonly string[]): void {
  for (let i = 0; i < rest.length; i++) {
    const word = rest[i]
    if (word === '--') return
    if (!word.startsWith('-') || word === '-') continue
    const [flag, value] = splitOnce(word)
    if (isBooleanOption(args, flag)) continue
    if (!isValueOption(args, flag)) throw usageError(`one of ${optionNames(args).join(' ')}`, flag)
    if (value !== undefined) continue
    const next = rest[++i]
    if (next === undefined || next.startsWith('--'))
      throw usageError(`a value after ${flag}`, next ?? 'the end of the line')
  }
}

function splitOnce(word: string): [string, string | undefined] {
  const at = word.indexOf('=')
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)]
}

function isValueOption(args: ArgsDef, flag: string): boolean {
  const option = optionOf(args, flag.replace(/^--/, ''), flag)
  return option?.type === 'string' || option?.type === 'enum'
}

function isBooleanOption(args: ArgsDef, flag: string): boolean {
  const name = flag.replace(/^--(no-)?/, '')
  return optionOf(args, name, flag)?.type === 'boolean'
}

function optionOf(args: ArgsDef, name: string, flag: string): ArgDef | undefined {
  if (!flag.startsWith('--') || !Object.hasOwn(args, name)) return undefined
  return args[name].type === 'positional' ? undefined : args[name]
}

function optionNames(args: ArgsDef): string[] {
  return Object.entries(args).flatMap(([name, { type }]) => (type === 'positional' ? [] : [`--${name}`]))
}

/** A whole number within bounds, or a usage error that names the option. */
export function wholeNumber(
  text: string | undefined,
  option: string,
  low: number,
  high: number,
): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (text.trim() !== '' && Number.isInteger(value) && value >= low && value <= high) return value
  throw usageError(`${option} as a whole number from ${low} to ${high}`, `“${text}”`)
}

export function decimal(
  text: string | undefined,
  option: string,
  low: number,
  high: number,
): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (text.trim() !== '' && value >= low && value <= high) return value
  throw usageError(`${option} as a number from ${low} to ${high}`, `“${text}”`)
}

/** `a,b` as a list; empty parts don't count. */
export function commaList(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
