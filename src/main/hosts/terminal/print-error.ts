import { ERROR_CODES, type HydraError } from '../../../shared/errors'
import type { Terminal } from './terminal'

/** Code, expected, got, what to do, and where; the usage below it when the command line was not understood. */
export function printError(terminal: Terminal, error: HydraError, usage: string | null): void {
  if (terminal.json) {
    const document = { error: error.toJSON() }
    terminal.err(`${JSON.stringify({ type: 'error', ...document, ...(usage ? { usage } : {}) })}\n`)
    terminal.out(`${JSON.stringify(document)}\n`)
    return
  }
  const { expected, got, remedy, where } = error.detail
  const lines = [
    `${error.code}: ${ERROR_CODES[error.code]}`,
    ...(where ? [`  where     ${where}`] : []),
    `  expected  ${expected}`,
    `  got       ${got.replaceAll('\n', '\n            ')}`,
    `  do this   ${remedy}`,
  ]
  terminal.err(`${lines.join('\n')}\n${usage ? `\n${usage}\n` : ''}`)
}
