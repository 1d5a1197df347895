import type { Reason } from './reason'

/** transformers.js widens them; weights in half precision behind outputs of float32 are no matter. */
export const halfPrecision: Reason = {
  find({ outputs }, output) {
    const { type } = outputs.find(({ name }) => name === output) ?? {}
    return type === 'float16' ? `its graph gives ${output} in half precision` : null
  },
}
