/**
 * One press of Ctrl-C may arrive twice: from the terminal, which signals the whole group, and from npm or a parent that
 * passes it on. What follows within this time is the same press.
 */
const SAME_PRESS_MS = 400

/** Calls `first` at the first Ctrl-C (or SIGTERM, SIGHUP); a second one ends the process at once. Returns what undoes it. */
export function listenForInterrupts(
  first: () => void,
  clock: () => number = () => performance.now(),
): () => void {
  let pressedAt: number | null = null
  const listen = () => {
    if (pressedAt === null) {
      pressedAt = clock()
      first()
    } else if (clock() - pressedAt > SAME_PRESS_MS) process.exit(130)
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, listen)
  return () => {
    for (const signal of signals) process.off(signal, listen)
  }
}
