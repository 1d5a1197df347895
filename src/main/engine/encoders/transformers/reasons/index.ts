import { halfPrecision } from './half-precision'
import { keyValueCache } from './key-value-cache'
import { otherOutput } from './other-output'
import type { Reason } from './reason'

/** A graph that has none of these is run by ONNX Runtime itself. */
export const reasons: readonly Reason[] = [keyValueCache, otherOutput, halfPrecision]
