/** What a command may do to the outside: the two streams, and how they look. */
export interface Terminal {
  /** One JSON document on stdout, JSON lines on stderr. */
  readonly json: boolean
  /** stderr is a terminal that a person looks at: lines may be rewritten. */
  readonly live: boolean
  readonly columns: number
  out(text: string): void
  err(text: string): void
}

const UNKNOWN_WIDTH = 110

export function openTerminal(json: boolean): Terminal {
  return {
    json,
    live: !json && process.stderr.isTTY === true,
    columns: process.stdout.columns || process.stderr.columns || UNKNOWN_WIDTH,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
  }
}
