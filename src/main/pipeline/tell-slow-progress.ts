import type { OperationContext } from './operation'

/** Milliseconds after which one wants to know what a process does. */
const PATIENCE_MS = 5_000

/**
 * A context that says nothing at first and tells of its progress when that takes long: what comes from a cache is there at
 * once, but not a million vectors on a busy disk; and who waits for the first step ends a process that is silent.
 */
export function tellSlowProgress(context: OperationContext, patienceMs = PATIENCE_MS): OperationContext {
  const begun = context.now().getTime()
  return {
    ...context,
    emit(event) {
      if (event.type === 'progress' && context.now().getTime() - begun >= patienceMs) context.emit(event)
    },
  }
}
