import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { CommanderError } from 'commander'
import { cancelled } from '../../../shared/errors'
import type { RegistryKind } from '../../../shared/schemas/registry'
import { defaultWorkspace } from '../../services/default-workspace'
import { listRegistries } from '../../services/list-registries'
import { openWorkbench, type Workbench } from '../../services/open-workbench'
import { agreement } from '../../services/system/agreement'
import { listenForInterrupts } from '../listen-for-interrupts'
import { buildProgram } from './arguments/build-program'
import type { AnsweringCommand, AnyArgs, CommandDefinition } from './arguments/command'
import { seedOf } from './arguments/seed-options'
import { root } from './commands/root'
import { printError } from './print-error'
import { openTerminal, type Terminal } from './terminal'
import { toFailure } from './to-failure'

interface CommandLineOptions {
  readonly words: readonly string[]
  readonly appRoot: string
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The process's own unless given. */
  readonly terminal?: Terminal
}

/** One command from its words to its exit code: 0, 1 (failed), 2 (bad usage), 130 (cancelled). */
export async function runCommandLine(options: CommandLineOptions): Promise<number> {
  const { words, appRoot, terminal = openTerminal(words.includes('--json')) } = options
  let reached = 'hydra'
  let exitCode = 0
  try {
    const program = buildProgram(root, {
      words,
      version: await versionOf(appRoot),
      columns: terminal.columns,
      variantNames,
      print: terminal.out,
      reach: (path) => {
        reached = path
      },
      act: async (command, args) => {
        exitCode = await runCommand(command, args, terminal, options)
      },
    })
    await program.parseAsync(words.length === 0 ? ['--help'] : words, { from: 'user' })
    return exitCode
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode
    const failure = toFailure(thrown)
    const isUsage = failure.code === 'USAGE'
    printError(terminal, failure, isUsage ? `${reached} --help` : null)
    return isUsage ? 2 : failure.code === 'CANCELLED' ? 130 : 1
  }
}

async function runCommand(
  command: CommandDefinition,
  args: AnyArgs,
  terminal: Terminal,
  { appRoot, environment }: CommandLineOptions,
): Promise<number> {
  const seed = seedOf(args.seed as string | undefined, '--seed') ?? 1
  const workspace = defaultWorkspace({ named: args.workspace as string | undefined, environment, appRoot })
  return agreement.of(args.yes === true, () =>
    'serve' in command
      ? command.serve({ args, terminal, workspace, appRoot, environment })
      : runAnswering(command, { args, seed, terminal, workspace, appRoot }),
  )
}

async function runAnswering(
  command: AnsweringCommand,
  context: {
    readonly args: AnyArgs
    readonly seed: number
    readonly terminal: Terminal
    readonly workspace: string
    readonly appRoot: string
  },
): Promise<number> {
  const { args, seed, terminal, workspace, appRoot } = context
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
      mode: command.mode,
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
    const answer = await command.run({ args, open, terminal, seed, signal: controller.signal })
    terminal.out(terminal.json ? `${JSON.stringify(answer.json)}\n` : `${answer.text()}\n`)
    return answer.exitCode ?? 0
  } catch (thrown) {
    throw controller.signal.aborted ? cancelled() : thrown
  } finally {
    await workbench?.close()
    stopListening()
  }
}

async function variantNames(kind: RegistryKind): Promise<string[]> {
  const registry = (await listRegistries()).find((one) => one.kind === kind)
  return registry?.entries.map(({ name }) => name) ?? []
}

async function versionOf(appRoot: string): Promise<string> {
  return JSON.parse(await readFile(join(appRoot, 'package.json'), 'utf8')).version
}
