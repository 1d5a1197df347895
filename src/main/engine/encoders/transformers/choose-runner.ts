import type { GraphSignature } from '../graphs/graph-signature'
import { type GraphUse, graphOutput } from './graph-output'
import { reasons } from './reasons'

/** A graph that ONNX Runtime does not run alone. */
export interface TransformersRunner {
  readonly by: 'transformers.js'
  /** Why it is, as a clause behind “since”. */
  readonly why: string
  readonly use: GraphUse
  /** Name of the output that is read. */
  readonly output: string
}

/** What runs a graph on the processor; ONNX Runtime alone gives the first output. */
export type Runner = TransformersRunner | typeof LEAN
const LEAN = { by: 'ONNX Runtime', why: null, output: null } as const

/**
 * Decided by what the graph says of itself, so that a model is always run by the same, and said before anything is loaded: the
 * lean path wherever it will do.
 * @param signature null: what is there is no graph, which ONNX Runtime says best
 */
export function chooseRunner(signature: GraphSignature | null, use: GraphUse): Runner {
  if (signature === null || signature.outputs.length === 0) return LEAN
  const output = graphOutput(signature, use)
  const found = reasons.flatMap((reason) => reason.find(signature, output) ?? [])
  return found.length === 0 ? LEAN : { by: 'transformers.js', why: found.join(', and '), use, output }
}
