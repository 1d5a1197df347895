import { readdirSync, readFileSync } from 'node:fs'

/** Kilobytes of a page; every Linux that Node runs on here has these. */
const PAGE_KB = 4
const PERIOD_MS = 100

/** Most bytes that all processes below this one held together, pages that they share counted once for each; NaN where there is no /proc. */
export async function memoryOfChildren<T>(
  work: () => Promise<T>,
): Promise<{ readonly value: T; readonly bytes: number }> {
  let bytes = Number.NaN
  const timer = setInterval(() => {
    const held = childrenOf(process.pid).reduce((sum, pid) => sum + residentBytes(pid), 0)
    if (!(held <= bytes)) bytes = held
  }, PERIOD_MS)
  try {
    const value = await work()
    return { value, bytes }
  } finally {
    clearInterval(timer)
  }
}

function childrenOf(pid: number): number[] {
  const children = orNone(() =>
    readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    ),
  )
  return (children ?? []).flatMap((child) => [child, ...childrenOf(child)])
}

function residentBytes(pid: number): number {
  const pages = orNone(() => Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]))
  return (pages ?? 0) * PAGE_KB * 1024
}

/** A process may end while it is looked at. */
function orNone<T>(read: () => T): T | null {
  try {
    return read()
  } catch {
    return null
  }
}
