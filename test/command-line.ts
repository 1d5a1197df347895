import { execFile } from 'node:child_process'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect } from 'vitest'
import type { ErrorCode } from '../src/shared/errors'
import { fakeTerminal } from './hosts/terminal/fake-terminal'

const ROOT = resolve(import.meta.dirname, '..')
export const CLI = join(ROOT, 'out', 'main', 'cli.js')

export interface Answer {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const { runCommandLine }: typeof import('../src/main/hosts/terminal/run-command-line') = await import(
  pathToFileURL(join(ROOT, 'out', 'main', 'command-line.js')).href
)

type Environment = Readonly<Record<string, string | undefined>>

/** A process of its own, as a person starts it. */
export function runProcess(words: readonly string[], environment: Environment = {}): Promise<Answer> {
  return new Promise((done) => {
    const env = { ...process.env, ...environment }
    execFile(process.execPath, [CLI, ...words], { env }, (error, stdout, stderr) =>
      done({ code: error ? ((error.code as unknown as number) ?? 1) : 0, stdout, stderr }),
    )
  })
}

/**
 * What that process runs, in ours: the same built code, words, exit code and output, and the same worker processes, without
 * the start of one more. Workers have our own environment.
 * @param environment what the command itself reads
 */
export async function runHere(words: readonly string[], environment: Environment = {}): Promise<Answer> {
  const { terminal, written } = fakeTerminal({ json: words.includes('--json'), columns: 110 })
  const code = await runCommandLine({ words, appRoot: ROOT, environment, terminal })
  return { code, stdout: written.out, stderr: written.err }
}

/** The command line on one workspace. */
export function commandLine(workspace: string, run: (words: readonly string[]) => Promise<Answer> = runHere) {
  const hydra = (...words: string[]) => run([...words, '--workspace', workspace])
  return {
    hydra,
    /** What a command prints that must succeed. */
    async json(...words: string[]) {
      const { code, stdout, stderr } = await hydra(...words, '--json')
      expect(code, stdout + stderr).toBe(0)
      return JSON.parse(stdout)
    },
    /** The error's code of a command that must fail. */
    async refusal(...words: string[]): Promise<ErrorCode> {
      const { code, stdout } = await hydra(...words, '--json')
      const { error } = JSON.parse(stdout)
      expect(code, stdout).toBe(error?.code === 'USAGE' ? 2 : 1)
      return error.code
    },
  }
}

export type Commands = ReturnType<typeof commandLine>
