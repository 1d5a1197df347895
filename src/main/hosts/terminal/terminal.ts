import { once } from 'node:events'
import { createInterface } from 'node:readline/promises'

/** What a command may do to the outside: the two streams, and how they look. */
export interface Terminal {
  /** One JSON document on stdout, JSON lines on stderr. */
  readonly json: boolean
  /** stderr is a terminal that a person looks at: lines may be rewritten. */
  readonly live: boolean
  readonly columns: number
  out(text: string): void
  err(text: string): void
  /** Yes or no, from a person; absent where there is none to ask. */
  readonly ask?: (question: string, signal: AbortSignal) => Promise<boolean>
}

const UNKNOWN_WIDTH = 110

export function openTerminal(json: boolean): Terminal {
  const live = !json && process.stderr.isTTY === true
  return {
    json,
    live,
    ...(live && process.stdin.isTTY === true && { ask: askPerson }),
    columns: process.stdout.columns || process.stderr.columns || UNKNOWN_WIDTH,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
  }
}

async function askPerson(question: string, signal: AbortSignal): Promise<boolean> {
  // Not as a terminal: Ctrl-C stays what it is everywhere else.
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false })
  try {
    const answer = await Promise.race([
      lines.question(`${question} [y/N] `, { signal }),
      once(lines, 'close').then(() => ''),
    ])
    return /^y(es)?$/i.test(answer.trim())
  } finally {
    lines.close()
  }
}
