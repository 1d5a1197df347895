import { once } from 'node:events'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'

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
  /** All of standard input; a person is asked, and what is typed is not shown. */
  secret(question: string, signal: AbortSignal): Promise<string>
}

const UNKNOWN_WIDTH = 110

export function openTerminal(json: boolean): Terminal {
  const live = !json && process.stderr.isTTY === true
  return {
    json,
    live,
    ...(live && process.stdin.isTTY === true && { ask: askPerson }),
    secret: readSecret,
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

async function readSecret(question: string, signal: AbortSignal): Promise<string> {
  if (!process.stdin.isTTY) return text(process.stdin)
  process.stderr.write(question)
  const silent = new Writable({ write: (_, __, done) => done() })
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true })
  // As a terminal it takes Ctrl-C for itself.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  try {
    return await lines.question('', { signal })
  } finally {
    lines.close()
    process.stderr.write('\n')
  }
}
