/** Longer clusters are never looked up whole: as the tokenizers crate has it. */
const MOST_CLUSTER_BYTES = 6

/**
 * SentencePiece's own normalisation: a map from bytes to text that its models carry with them, as a double-array trie (darts;
 * Aoe 1989) whose leaves are places in a pool of zero-terminated texts. Followed as the tokenizers crate (spm_precompiled)
 * follows it, grapheme cluster by grapheme cluster, so that tokens are those of Python.
 * @param charsmap base64 of: bytes of the trie (u32), the trie's units (u32 each), the pool
 */
export function precompiledNormalizer(charsmap: string): (text: string) => string {
  const bytes = Buffer.from(charsmap, 'base64')
  const trieBytes = bytes.length < 4 ? -1 : bytes.readUInt32LE(0)
  if (trieBytes < 4 || trieBytes % 4 !== 0 || 4 + trieBytes > bytes.length)
    throw new Error(`a precompiled_charsmap of ${bytes.length} bytes with a trie of ${trieBytes}`)
  const trie = Uint32Array.from({ length: trieBytes / 4 }, (_, i) => bytes.readUInt32LE(4 + 4 * i))
  const pool = bytes.subarray(4 + trieBytes)
  const clusters = new Intl.Segmenter('und', { granularity: 'grapheme' })
  const known = new Map<string, string | null>()

  /** What the shortest beginning of `text` that the map knows stands for, or null. */
  function look(text: string): string | null {
    let node = offsetOf(trie[0])
    for (const byte of Buffer.from(text)) {
      if (byte === 0) return null
      node = (node ^ byte) >>> 0
      const unit = trie[node] ?? 0
      if ((unit & 0x800000ff) >>> 0 !== byte) return null
      node = (node ^ offsetOf(unit)) >>> 0
      if ((unit >>> 8) & 1) {
        const start = (trie[node] ?? 0) & 0x7fffffff
        const end = pool.indexOf(0, start)
        return pool.toString('utf8', start, end === -1 ? pool.length : end)
      }
    }
    return null
  }

  function lookOnce(text: string): string | null {
    const before = known.get(text)
    if (before !== undefined) return before
    const found = look(text)
    known.set(text, found)
    return found
  }

  return (text) => {
    let out = ''
    for (const { segment } of clusters.segment(text)) {
      const whole = Buffer.byteLength(segment) < MOST_CLUSTER_BYTES ? lookOnce(segment) : null
      if (whole !== null) out += whole
      else for (const char of segment) out += lookOnce(char) ?? char
    }
    return out
  }
}

function offsetOf(unit: number): number {
  return ((unit >>> 10) << ((unit & 0x200) >>> 6)) >>> 0
}
