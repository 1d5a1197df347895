import type { Terminal } from '../../../src/main/hosts/terminal/terminal'

/** A terminal that records what was written to it. */
export function fakeTerminal(look: Partial<Pick<Terminal, 'json' | 'live' | 'columns' | 'secret'>> = {}) {
  const written = { out: '', err: '' }
  const terminal: Terminal = {
    json: false,
    live: false,
    columns: 80,
    secret: async () => '',
    ...look,
    out: (text) => {
      written.out += text
    },
    err: (text) => {
      written.err += text
    },
  }
  return { terminal, written }
}
