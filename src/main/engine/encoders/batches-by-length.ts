/**
 * Most rows and padded tokens of one fp32 run. int8 always runs one text at a time: its activations are quantised per
 * tensor, so a vector would depend on its neighbours in the batch (cosine down to .988), and it is no slower.
 */
export const MAX_BATCH_ROWS = 8
const MAX_BATCH_TOKENS = 256 * MAX_BATCH_ROWS

/** Texts of like length together, longest first: little padding, and the memory arena grows once. Yields rows of `tokens`. */
export function* batchesByLength(
  tokens: readonly { readonly length: number }[],
  maxRows: number,
): Generator<number[]> {
  const order = tokens.map((_, index) => index).sort((a, b) => tokens[b].length - tokens[a].length || a - b)
  const maxTokens = Math.max(MAX_BATCH_TOKENS, 256 * maxRows)
  for (let start = 0; start < order.length; ) {
    const rows = Math.min(maxRows, Math.max(1, Math.floor(maxTokens / tokens[order[start]].length)))
    yield order.slice(start, start + rows)
    start += rows
  }
}
