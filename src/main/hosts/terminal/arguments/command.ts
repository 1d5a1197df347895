import type { RouterClient } from '@orpc/server'
import type { RegistryKind } from '../../../../shared/schemas/registry'
import type { ServiceRouter } from '../../../services/create-services'
import type { WorkspaceMode } from '../../../services/service-context'
import type { Terminal } from '../terminal'

/** The contract, called in the same process. */
export type ServiceClient = RouterClient<ServiceRouter>

export interface OptionSpec {
  readonly description: string
  /** What stands for the value in the help: `N`, `FILE`. An option without one is a flag. */
  readonly value?: string
  /** The values that there are; any text where nothing is said. */
  readonly choices?: readonly string[]
  /** The command can't do without it, and not with an empty one. */
  readonly required?: true
  /** May come several times: all values count. Of any other option the last one does. */
  readonly repeatable?: true
  /** Options that can't stand beside it. */
  readonly conflicts?: readonly string[]
  /** Of a flag: there is `--no-…` as well, and this is what it does. */
  readonly negation?: string
}

export interface ArgumentSpec {
  readonly description: string
  readonly optional?: true
  /** Takes all words that are left. */
  readonly many?: true
}

export type Options = Readonly<Record<string, OptionSpec>>
export type Arguments = Readonly<Record<string, ArgumentSpec>>

type Choice<O extends OptionSpec> = O extends { choices: readonly (infer C)[] } ? C : string

type OptionValue<O extends OptionSpec> = O extends { repeatable: true }
  ? readonly string[] | undefined
  : O extends { value: string }
    ? Choice<O> | (O extends { required: true } ? never : undefined)
    : boolean | undefined

type ArgumentValue<A extends ArgumentSpec> = A extends { many: true }
  ? readonly string[]
  : string | (A extends { optional: true } ? undefined : never)

/** What was said, by the names of arguments and options. */
export type ReadArgs<A extends Arguments, O extends Options> = {
  readonly [Name in keyof A]: ArgumentValue<A[Name]>
} & { readonly [Name in keyof O]: OptionValue<O[Name]> }

/** Options that every command takes; they may stand before it, too. */
export const GLOBAL_OPTIONS = {
  workspace: { value: 'DIR', description: 'folder with datasets, runs and cache' },
  json: { description: 'one JSON document on stdout, progress as JSON lines on stderr' },
  seed: {
    value: 'N',
    description: 'sets exemplars, initialisation and sampling, and the hold-out unless --split-seed does',
  },
  yes: { description: 'send texts to the service that the encoder is, unasked' },
} as const satisfies Options

/** What a command answers: a document for scripts, a text for people; one of them is printed. */
export interface Answer {
  readonly json: unknown
  /** 0 unless said: 1 where the work was done and what it found should stop a script. */
  readonly exitCode?: 0 | 1
  text(): string
}

interface CommandContext<Args> {
  readonly args: Args
  /** Opens the workspace: after the command line has been read, so that a slip in it costs nothing. */
  open(): Promise<ServiceClient>
  readonly terminal: Terminal
  /** Fires at Ctrl-C. */
  readonly signal: AbortSignal
  readonly seed: number
}

export interface ServingContext<Args> {
  readonly args: Args
  readonly terminal: Terminal
  readonly workspace: string
  readonly appRoot: string
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** Values by name, whose types only the definition of the command knows. */
export type AnyArgs = Readonly<Record<string, unknown>>

interface CommandSpec {
  readonly description: string
  readonly arguments?: Arguments
  readonly options?: Options
}

/** A command that works on an opened workspace and answers. */
export interface AnsweringCommand<Args = AnyArgs> extends CommandSpec {
  readonly mode: WorkspaceMode
  /** Options whose values are variants of a registry: the help names them all. */
  readonly variants?: Readonly<Record<string, RegistryKind>>
  run(context: CommandContext<Args>): Promise<Answer>
}

/** A command that holds a workspace of its own until it is told to end, and says with which exit code. */
interface ServingCommand<Args = AnyArgs> extends CommandSpec {
  serve(context: ServingContext<Args>): Promise<number>
}

export type CommandDefinition = AnsweringCommand | ServingCommand

/** Commands under one word: `datasets import`, `datasets list`. */
export interface CommandGroup {
  readonly description: string
  readonly commands: Readonly<Record<string, CommandNode>>
}

export type CommandNode = CommandDefinition | CommandGroup

type Nothing = Readonly<Record<never, never>>

/** Gives `run` its arguments with the types that follow from how they are described. */
export function defineCommand<const A extends Arguments = Nothing, const O extends Options = Nothing>(
  command: AnsweringCommand<ReadArgs<A, O>> & { readonly arguments?: A; readonly options?: O },
): AnsweringCommand {
  return command as AnsweringCommand
}

/** The same for a command that serves. */
export function defineServingCommand<const O extends Options>(
  command: ServingCommand<ReadArgs<Nothing, O>> & { readonly options: O },
): ServingCommand {
  return command as ServingCommand
}
