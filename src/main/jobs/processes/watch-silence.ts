export interface SilenceWatch {
  /** Something came: counting begins anew. */
  heard(): void
  end(): void
}

const TICK_MS = 1000

/**
 * Tells when nothing has been heard for too long. It counts its own ticks and not the clock, so that the time in which the
 * machine slept, or this process was stopped or busy, is nobody's silence.
 */
export function watchSilence(options: {
  /** Silence after which `onBound` is called, once; the watch has ended then. */
  readonly boundMs: number
  onBound(): void
  /** Silence that is worth a word, once each time. */
  readonly wordMs?: number
  onWord?(): void
  /** Whether anything is to be heard now; silence counts only then. */
  expected?(): boolean
}): SilenceWatch {
  const { boundMs, wordMs = Number.POSITIVE_INFINITY } = options
  const tick = Math.min(TICK_MS, boundMs / 4, wordMs / 2)
  let silent = 0
  let said = false
  const heard = () => {
    silent = 0
    said = false
  }
  const timer = setInterval(() => {
    if (options.expected?.() === false) return heard()
    silent += tick
    if (silent >= boundMs) {
      clearInterval(timer)
      options.onBound()
    } else if (silent >= wordMs && !said) {
      said = true
      options.onWord?.()
    }
  }, tick)
  // The work keeps the process alive, not the watch over it.
  timer.unref()
  return { heard, end: () => clearInterval(timer) }
}
