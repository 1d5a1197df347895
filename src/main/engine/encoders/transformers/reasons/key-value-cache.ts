import type { Reason } from './reason'

/**
 * A decoder that encodes (Qwen3-Embedding and others of its kind) has the inputs of one that writes. What an empty cache looks
 * like, and where positions begin, transformers.js knows by architecture.
 */
export const keyValueCache: Reason = {
  find({ inputs }) {
    return inputs.some((name) => name.startsWith('past_key_values'))
      ? 'its graph asks for a key-value cache'
      : null
  },
}
