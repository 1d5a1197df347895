import type { GraphSignature } from '../../graphs/graph-signature'

/** Something of a graph that the lean path does not take, and transformers.js does. */
export interface Reason {
  /** @param output what is read of the graph  @returns what of this graph it is, as a clause behind “since”; null: nothing */
  find(signature: GraphSignature, output: string): string | null
}
