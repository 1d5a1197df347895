import type { OperationContext } from '../src/main/pipeline/operation'
import { createWarmEngine } from '../src/main/pipeline/playground/warm-engine'

/** What an operation may use of its process where a test needs nothing of it but the workspace: no model opens, nothing is said. */
export function madeContext(workspace: string, change: Partial<OperationContext> = {}): OperationContext {
  const never = () => Promise.reject(new Error('not in this test'))
  return {
    workspace,
    appRoot: workspace,
    signal: new AbortController().signal,
    pause: new AbortController().signal,
    warm: createWarmEngine(),
    emit: () => {},
    now: () => new Date(0),
    resolveEncoder: never,
    openEncoder: never,
    openPairScorer: never,
    openGenerator: never,
    runProgram: never,
    fork: never,
    ...change,
  }
}
