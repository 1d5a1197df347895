import { readFileSync } from 'node:fs'

/**
 * When a process started, in clock ticks since boot, from field 22 of /proc/<pid>/stat; null where there is no /proc.
 * Together with the pid it names a process: pids are used again. The command name (field 2) may hold spaces and
 * brackets, so fields are counted from the last bracket.
 */
export function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}

/** Whether a process of that pid lives, and is the one that started then. */
export function isProcessAlive(pid: number, start: string | null = null): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  const now = processStart(pid)
  return start === null || now === null || now === start
}
