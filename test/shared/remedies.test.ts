/// <reference types="node" />
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const SRC = resolve(import.meta.dirname, '../../src')
/** What one types in a terminal: `hydra …`, `--option`. */
const TYPED = /\bhydra [a-z]|(^|[\s('"`])--[a-z]/

/** Every remedy of the code, from `remedy:` to the end of its value. */
function remediesIn(file: string): string[] {
  const source = readFileSync(file, 'utf8')
  return [
    ...source.matchAll(/\bremedy:((?:[^'"`,}]|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`|"(?:\\.|[^"\\])*")*)/g),
  ].map(([, value]) => value.trim())
}

describe('what an error says to do', () => {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|vue)$/.test(name) && !name.startsWith(join('main', 'hosts', 'terminal')))
    .map((name) => join(SRC, name))
  const remedies = files.flatMap((file) => remediesIn(file).map((remedy) => ({ file, remedy })))

  it('is in words that fit the window, too: what one types stands apart from it', () => {
    expect(remedies.filter(({ remedy }) => /['"`]/.test(remedy)).length).toBeGreaterThan(100)
    expect(remedies.filter(({ remedy }) => TYPED.test(remedy))).toEqual([])
  })
})
