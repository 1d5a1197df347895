import type { JobEvent, Progress } from '../../../shared/schemas/job'
import { cut } from './fit-text'
import { formatCount, formatDuration } from './format-number'
import type { Terminal } from './terminal'

/** Without a live terminal: one line a phase, and then at most one in this time. */
const LINE_PERIOD_MS = 2000
/** With one: the line is drawn anew at most this often. */
const DRAW_PERIOD_MS = 100
const BAR_WIDTH = 24

/** Events of a job for whoever looks at stderr: a bar that moves, plain lines, or JSON lines. */
export class ProgressPrinter {
  readonly #terminal: Terminal
  readonly #clock: () => number
  #phase: string | null = null
  #printedAt = Number.NEGATIVE_INFINITY
  #drawn = false

  constructor(terminal: Terminal, clock: () => number = () => performance.now()) {
    this.#terminal = terminal
    this.#clock = clock
  }

  print(event: JobEvent): void {
    if (event.type === 'progress') this.#progress(event, event.progress)
    else if (this.#terminal.json) this.#terminal.err(`${JSON.stringify(event)}\n`)
    else if (event.type === 'log')
      this.#line(event.level === 'info' ? event.message : `${event.level}: ${event.message}`)
  }

  /** Leaves the cursor on a line of its own. */
  end(): void {
    if (this.#drawn) this.#terminal.err('\n')
    this.#drawn = false
  }

  #progress(event: JobEvent, progress: Progress): void {
    const now = this.#clock()
    const isNew = progress.phase !== this.#phase
    const isLast = progress.done >= progress.total
    const period = this.#terminal.live ? DRAW_PERIOD_MS : LINE_PERIOD_MS
    if (!isNew && now - this.#printedAt < period && !(isLast && this.#terminal.live)) return
    if (isNew && this.#phase !== null) this.end()
    this.#phase = progress.phase
    this.#printedAt = now
    if (this.#terminal.json) this.#terminal.err(`${JSON.stringify(event)}\n`)
    else if (this.#terminal.live) this.#draw(progress)
    else this.#terminal.err(`${describe(progress)}\n`)
  }

  #draw(progress: Progress): void {
    const share = progress.total > 0 ? Math.min(1, progress.done / progress.total) : 0
    const full = Math.round(share * BAR_WIDTH)
    const bar = `${'█'.repeat(full)}${'░'.repeat(BAR_WIDTH - full)}`
    const line = `${bar} ${String(Math.floor(share * 100)).padStart(3)} %  ${describe(progress)}`
    // Erase first: the line before may have been longer.
    this.#terminal.err(`\r\x1b[2K${cut(line, this.#terminal.columns - 1)}`)
    this.#drawn = true
  }

  #line(text: string): void {
    if (this.#drawn) this.#terminal.err('\r\x1b[2K')
    this.#drawn = false
    this.#terminal.err(`${text}\n`)
  }
}

/** `encode 20,000 documents: 4,100 of 20,000 texts, 310/s, 51 s left` */
function describe({ phase, done, total, unit, rate, remaining }: Progress): string {
  const parts = [`${formatCount(done)} of ${formatCount(total)} ${unit}`]
  if (rate > 0) parts.push(`${rate >= 10 ? formatCount(Math.round(rate)) : rate.toFixed(1)}/s`)
  if (remaining !== null && done < total) parts.push(`${formatDuration(remaining)} left`)
  return `${phase}: ${parts.join(', ')}`
}
