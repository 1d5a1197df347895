import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { expect } from 'vitest'
import type { ErrorCode } from '../src/shared/errors'

export const CLI = resolve(import.meta.dirname, '..', 'out', 'main', 'cli.js')

export interface Answer {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/**
 * The built command line on one workspace: each call is a process of its own, as a person starts it.
 * @param look sees every answer
 */
export function commandLine(
  workspace: string,
  environment: Readonly<Record<string, string>> = {},
  look: (answer: Answer) => void = () => undefined,
) {
  const env = { ...process.env, ...environment }
  const hydra = (...words: string[]) =>
    new Promise<Answer>((done) => {
      const all = [CLI, ...words, '--workspace', workspace]
      execFile(process.execPath, all, { env }, (error, stdout, stderr) =>
        done({ code: error ? ((error.code as unknown as number) ?? 1) : 0, stdout, stderr }),
      )
    }).then((answer) => {
      look(answer)
      return answer
    })
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
