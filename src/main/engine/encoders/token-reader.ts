import type { TextRole } from './encoder'
import type { ResolvedModel } from './model-folder'
import { asRead, readTokenizer } from './tokenizer'

/** A text as the encoder's tokenizer takes it apart. */
interface ReadTokens {
  /** Of the whole text, as the vocabulary spells them; those after the first `limit` are never seen. */
  readonly tokens: readonly string[]
  /** Characters (UTF-16) of the text's beginning that the encoder sees; all of them where nothing is cut. */
  readonly read: number
}

export interface TokenReader {
  /** Longest input in tokens, special ones included. */
  readonly limit: number
  read(text: string, role: TextRole): ReadTokens
  /** Tokens of the whole text. */
  count(text: string, role: TextRole): number
}

/** How a model's tokenizer takes texts apart, its prefixes and special tokens included, before anything is cut. */
export async function loadTokenReader(model: ResolvedModel): Promise<TokenReader> {
  const { tokenizer } = await readTokenizer(model)
  const special = model.kind === 'transformer'
  const tokensOf = (text: string) =>
    tokenizer.encode(special ? asRead(text, model) : text, { add_special_tokens: special }).tokens
  return {
    limit: model.maxTokens,
    count: (text, role) => tokensOf(model.prefixes[role] + text).length,
    read(text, role) {
      const prefix = model.prefixes[role]
      const tokens = tokensOf(prefix + text)
      if (tokens.length <= model.maxTokens) return { tokens, read: text.length }
      // The longest beginning that still fits: tokens grow with the text, so halving finds it.
      let fits = 0
      let over = text.length
      while (over - fits > 1) {
        const middle = (fits + over) >> 1
        if (tokensOf(prefix + text.slice(0, middle)).length <= model.maxTokens) fits = middle
        else over = middle
      }
      return { tokens, read: fits }
    },
  }
}
