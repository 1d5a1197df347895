import type { RouterClient } from '@orpc/server'
import { type ArgsDef, type CommandDef, defineCommand, type ParsedArgs } from 'citty'
import type { RegistryKind } from '../../../shared/schemas/registry'
import type { ServiceRouter } from '../../services/create-services'
import type { WorkspaceMode } from '../../services/service-context'
import type { Terminal } from './terminal'

/** The contract, called in the same process. */
export type ServiceClient = RouterClient<ServiceRouter>

/** Options that every command takes. */
export const GLOBAL_OPTIONS = {
  workspace: { type: 'string', description: 'folder with datasets, runs and cache', valueHint: 'DIR' },
  json: { type: 'boolean', description: 'one JSON document on stdout, progress as JSON lines on stderr' },
  seed: { type: 'string', description: 'sets split, exemplars, initialisation and sampling', valueHint: 'N' },
} as const satisfies ArgsDef

/** What a command answers: a document for scripts, a text for people; one of them is printed. */
export interface Answer {
  readonly json: unknown
  /** 0 unless said: 1 where the work was done and what it found should stop a script. */
  readonly exitCode?: 0 | 1
  text(): string
}

export interface VerbContext<Args extends ArgsDef> {
  readonly args: ParsedArgs<Args>
  /** Opens the workspace: after the command line has been read, so that a slip in it costs nothing. */
  open(): Promise<ServiceClient>
  readonly terminal: Terminal
  /** Fires at Ctrl-C. */
  readonly signal: AbortSignal
  readonly seed: number
}

/** Options whose values are variants of a registry: the usage names them all. */
export type NamedVariants = Readonly<Record<string, RegistryKind>>

export interface Verb {
  readonly mode: WorkspaceMode
  readonly variants: NamedVariants
  run(context: VerbContext<ArgsDef>): Promise<Answer>
}

/** A command that works on an opened workspace. */
export function defineVerb<const Args extends ArgsDef>(verb: {
  readonly description: string
  readonly args: Args
  readonly mode: WorkspaceMode
  readonly variants?: NamedVariants
  run(context: VerbContext<Args>): Promise<Answer>
}): CommandDef & { readonly verb: Verb } {
  const command = defineCommand({
    meta: { description: verb.description },
    args: { ...verb.args, ...GLOBAL_OPTIONS } as ArgsDef,
  })
  return {
    ...command,
    verb: { mode: verb.mode, variants: verb.variants ?? {}, run: verb.run as Verb['run'] },
  }
}
