import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { expect } from 'vitest'
import type { ErrorCode } from '../src/shared/errors'

export const CLI = resolve(import.meta.dirname, '..', 'out', 'main', 'cli.js')

interface Answer {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/**
 * The built command line on one workspace, each call a process of its own: what it answers, and the code with which it refuses.
 * @param look sees every answer
 */
export function commandLine(
  workspace: string,
  environment: Readonly<Record<string, string>> = {},
  look: (answer: Answer) => void = () => undefined,
) {
  const env = { ...process.env, ...environment }
  const run = (...words: string[]) =>
    new Promise<Answer>((done) => {
      const all = [CLI, ...words, '--workspace', workspace]
      execFile(process.execPath, all, { env }, (error, stdout, stderr) =>
        done({ code: error ? ((error.code as unknown as number) ?? 1) : 0, stdout, stderr }),
      )
    }).then((answer) => {
      look(answer)
      return answer
    })
  const json = async (...words: string[]) => {
    const { code, stdout, stderr } = await run(...words, '--json')
    expect(code, stdout + stderr).toBe(0)
    return JSON.parse(stdout)
  }
  const refusal = async (...words: string[]): Promise<ErrorCode> => {
    const { code, stdout } = await run(...words, '--json')
    const { error } = JSON.parse(stdout)
    expect(code, stdout).toBe(error?.code === 'USAGE' ? 2 : 1)
    return error.code
  }
  return { run, json, refusal }
}

export type Commands = ReturnType<typeof commandLine>
