import type { Metadata } from './index-engine'

/** Metadata as a list of texts, one a field: every collection has other fields, and engines keep one kind of column for all of them. */
export function factsOf(metadata: Metadata): string[] {
  return Object.entries(metadata).map((fact) => JSON.stringify(fact))
}
