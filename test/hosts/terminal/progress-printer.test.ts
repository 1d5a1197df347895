import { describe, expect, it } from 'vitest'
import { textWidth } from '../../../src/main/hosts/terminal/fit-text'
import { ProgressPrinter } from '../../../src/main/hosts/terminal/progress-printer'
import type { JobEvent } from '../../../src/shared/schemas/job'
import { fakeTerminal } from './fake-terminal'

const progress = (phase: string, done: number): JobEvent => ({
  type: 'progress',
  at: done,
  progress: { phase, done, total: 20_000, unit: 'texts', rate: 310, remaining: (20_000 - done) / 310 },
})
const log = (message: string, level: 'info' | 'warning' = 'info'): JobEvent => ({
  type: 'log',
  at: 0,
  level,
  message,
})

/** Prints events that come `milliseconds` after one another. */
function printed(
  look: Parameters<typeof fakeTerminal>[0],
  events: readonly JobEvent[],
  milliseconds: number,
): string {
  const { terminal, written } = fakeTerminal(look)
  let now = 0
  const printer = new ProgressPrinter(terminal, () => now)
  for (const event of events) {
    printer.print(event)
    now += milliseconds
  }
  printer.end()
  expect(written.out).toBe('')
  return written.err
}

describe('ProgressPrinter', () => {
  it('prints a plain line a phase and one every two seconds', () => {
    const events = Array.from({ length: 50 }, (_, i) => progress('encode documents', i * 100))
    const lines = printed({}, [...events, progress('train', 0)], 100)
      .trimEnd()
      .split('\n')
    expect(lines).toEqual([
      'encode documents: 0 of 20,000 texts, 310/s, 1 min 5 s left',
      'encode documents: 2,000 of 20,000 texts, 310/s, 58 s left',
      'encode documents: 4,000 of 20,000 texts, 310/s, 52 s left',
      'train: 0 of 20,000 texts, 310/s, 1 min 5 s left',
    ])
  })

  it('redraws one line on a live terminal, within its width', () => {
    const text = printed(
      { live: true, columns: 60 },
      [progress('encode', 5000), progress('encode', 20_000)],
      500,
    )
    const drawn = text.split('\r\x1b[2K').slice(1)
    expect(drawn).toHaveLength(2)
    expect(drawn[0]).toContain('  25 %')
    expect(drawn[1]).toContain(' 100 %')
    for (const line of drawn) expect([...line.trimEnd()].length).toBeLessThan(60)
    expect(text.endsWith('\n')).toBe(true)
  })

  it('counts a wide character as two columns there: a line that breaks could not be drawn over', () => {
    const text = printed({ live: true, columns: 60 }, [progress('データセットを符号化する 📚', 5000)], 0)
    const [, line] = text.trimEnd().split('\r\x1b[2K')
    expect(textWidth(line)).toBeLessThan(60)
    expect(line).toContain('データセット')
  })

  it('prints messages on lines of their own', () => {
    const text = printed({ live: true }, [progress('encode', 1), log('one'), log('two', 'warning')], 10)
    expect(text.endsWith('\r\x1b[2Kone\nwarning: two\n')).toBe(true)
  })

  it('writes JSON lines, each whole, and nothing else', () => {
    const loss: JobEvent = { type: 'loss', at: 1, run: 'r', arm: 'a', step: 1, steps: 2, loss: 3 }
    const lines = printed({ json: true }, [progress('a', 1), loss, log('x')], 10)
      .trimEnd()
      .split('\n')
    expect(lines.map((line) => JSON.parse(line).type)).toEqual(['progress', 'loss', 'log'])
  })
})
