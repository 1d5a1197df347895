import { ERROR_CODES, type HydraError } from '../../../shared/errors'
import type { Terminal } from './terminal'

/**
 * Code, expected, got, what to do, and where.
 * @param help the command that shows what was asked of the command line, where it was not understood
 */
export function printError(terminal: Terminal, error: HydraError, help: string | null): void {
  if (terminal.json) {
    const document = { error: error.toJSON() }
    terminal.err(`${JSON.stringify({ type: 'error', ...document, ...(help ? { help } : {}) })}\n`)
    terminal.out(`${JSON.stringify(document)}\n`)
    return
  }
  const { expected, got, remedy, command, where } = error.detail
  const lines = [
    `${error.code}: ${ERROR_CODES[error.code]}`,
    ...(where ? [`  where     ${where}`] : []),
    `  expected  ${expected}`,
    `  got       ${got.replaceAll('\n', '\n            ')}`,
    `  do this   ${remedy}`,
    ...(command ? [`  command   ${command}`] : []),
    ...(help ? [`  help      ${help}`] : []),
  ]
  terminal.err(`${lines.join('\n')}\n`)
}
