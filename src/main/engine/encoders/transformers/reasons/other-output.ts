import { POOLED } from '../graph-output'
import type { Reason } from './reason'

/** The lean path reads the first output, as vectors of tokens or scores of pairs; transformers.js has outputs by their names. */
export const otherOutput: Reason = {
  find({ outputs: [first] }, output) {
    if (output === POOLED) return `its graph gives whole texts’ vectors (${output}) and none of tokens`
    return first.name === output ? null : `its graph gives ${first.name} before ${output}`
  },
}
