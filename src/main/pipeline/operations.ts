import { z } from 'zod'
import type { Operation } from './operation'

/** Every operation that a file of the pipeline defines, by name: a file added to a stage is all that a new one needs. */
export const operations: ReadonlyMap<string, Operation> = collectOperations(
  import.meta.glob('./*/*.ts', { eager: true }),
)

function collectOperations(modules: Readonly<Record<string, unknown>>): ReadonlyMap<string, Operation> {
  const found = new Map<string, Operation>()
  for (const exported of Object.values(modules)) {
    for (const value of Object.values(exported as Readonly<Record<string, unknown>>)) {
      if (!isOperation(value)) continue
      if (found.has(value.name)) throw new RangeError(`two operations are named ${value.name}`)
      found.set(value.name, value)
    }
  }
  return found
}

function isOperation(value: unknown): value is Operation {
  if (typeof value !== 'object' || value === null) return false
  const { name, input, output, session, run } = value as Partial<Operation>
  return (
    typeof name === 'string' &&
    typeof session === 'boolean' &&
    typeof run === 'function' &&
    input instanceof z.ZodType &&
    output instanceof z.ZodType
  )
}
