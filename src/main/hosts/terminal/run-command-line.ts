import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { createRouterClient } from '@orpc/server'
import { type ArgsDef, type CommandDef, renderUsage } from 'citty'
import { cancelled } from '../../../shared/errors'
import { defaultWorkspace } from '../../services/default-workspace'
import { listRegistries } from '../../services/list-registries'
import { openWorkbench, type Workbench } from '../../services/open-workbench'
import { listenForInterrupts } from '../listen-for-interrupts'
import { findCommand, readArgs, wholeNumber } from './parse-command-line'
import { printError } from './print-error'
import { serveVerb } from './serve-verb'
import { openTerminal, type Terminal } from './terminal'
import { toFailure } from './to-failure'
import { usageError } from './usage-error'
import type { Verb } from './verb'
import { root } from './verbs/root'

export interface CommandLineOptions {
  readonly words: readonly string[]
  readonly appRoot: string
  readonly environment: Readonly<Record<string, string | undefined>>
}

const LARGEST_SEED = 2 ** 31 - 1

/** One command from its words to its exit code: 0, 1 (failed), 2 (bad usage), 130 (cancelled). */
export async function runCommandLine(options: CommandLineOptions): Promise<number> {
  const { words } = options
  const terminal = openTerminal(words.includes('--json'))
  const { path, command, rest } = findCommand(root, words)
  if (rest.includes('--help') || rest.includes('-h') || words.length === 0) {
    terminal.out(`${await usageOf(path, command)}\n`)
    return 0
  }
  try {
    if (path.length === 1 && rest[0] === '--version') {
      terminal.out(`${await versionOf(options.appRoot)}\n`)
      return 0
    }
    if (command.subCommands) {
      const known = Object.keys(command.subCommands)
      throw usageError(`a command: ${known.join(', ')}`, rest[0] ? `“${rest[0]}”` : 'none')
    }
    return await runVerb(command, rest, terminal, options)
  } catch (thrown) {
    const failure = toFailure(thrown)
    const isUsage = failure.code === 'USAGE'
    printError(terminal, failure, isUsage ? await usageOf(path, command) : null)
    return isUsage ? 2 : failure.code === 'CANCELLED' ? 130 : 1
  }
}

async function runVerb(
  command: CommandDef & { verb?: Verb },
  rest: readonly string[],
  terminal: Terminal,
  { appRoot, environment }: CommandLineOptions,
): Promise<number> {
  const args = readArgs(command, rest)
  const seed = wholeNumber(args.seed as string | undefined, '--seed', 0, LARGEST_SEED) ?? 1
  const workspace = defaultWorkspace({ named: args.workspace as string | undefined, environment, appRoot })
  const { verb } = command
  if (!verb) return serveVerb({ args, terminal, workspace, appRoot })

  const controller = new AbortController()
  const stopListening = listenForInterrupts(() => {
    if (terminal.live) terminal.err('\nStopping ... (Ctrl-C again stops at once)\n')
    controller.abort()
  })
  let workbench: Workbench | undefined
  const open = async () => {
    workbench = await openWorkbench({
      workspace,
      appRoot,
      host: 'terminal',
      mode: verb.mode,
      now: () => new Date(),
    })
    for (const sentence of workbench.recovered) {
      const line = terminal.json
        ? JSON.stringify({ type: 'recovered', message: sentence })
        : `Set right: ${sentence}`
      terminal.err(`${line}\n`)
    }
    return createRouterClient(workbench.router)
  }
  try {
    const answer = await verb.run({ args, open, terminal, seed, signal: controller.signal })
    terminal.out(terminal.json ? `${JSON.stringify(answer.json)}\n` : `${answer.text()}\n`)
    return answer.exitCode ?? 0
  } catch (thrown) {
    throw controller.signal.aborted ? cancelled() : thrown
  } finally {
    await workbench?.close()
    stopListening()
  }
}

async function usageOf(path: readonly string[], command: CommandDef & { verb?: Verb }): Promise<string> {
  const args = await withVariants(command)
  const named = { ...command, args, meta: { ...(command.meta as object), name: path.at(-1) } }
  const parent = path.length > 1 ? { meta: { name: path.slice(0, -1).join(' ') } } : undefined
  const usage = await renderUsage(named, parent)
  // citty colours for any stream; a pipe or a log wants plain text.
  return (process.stderr.isTTY ? usage : stripVTControlCharacters(usage)).trimEnd()
}

/** The options, those that choose from a registry with all that there is to choose from. */
async function withVariants({ args, verb }: CommandDef & { verb?: Verb }): Promise<ArgsDef> {
  const options = { ...(args as ArgsDef) }
  const variants = Object.entries(verb?.variants ?? {})
  if (variants.length === 0) return options
  const registries = await listRegistries()
  for (const [option, kind] of variants) {
    const names = registries.find((registry) => registry.kind === kind)!.entries.map(({ name }) => name)
    options[option] = {
      ...options[option],
      description: `${options[option].description}: ${names.join(', ')}`,
    }
  }
  return options
}

async function versionOf(appRoot: string): Promise<string> {
  return JSON.parse(await readFile(join(appRoot, 'package.json'), 'utf8')).version
}
