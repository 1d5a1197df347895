import { join } from 'node:path'
import type { Tokenizer as TransformersTokenizer } from '@huggingface/tokenizers'
import { HydraError } from '../../../shared/errors'
import { strip } from '../formats/strip'
import type { ResolvedModel } from './model-folder'
import { readTokenizerFile, TOKENIZER_TYPES, type TokenizerFile } from './tokenizing/tokenizer-file'

/** Text to token ids, cut as sentence-transformers cuts. */
export type Tokenizer = (text: string) => number[]

/**
 * The tokenizer of a model folder, special tokens included. Too long a text keeps its first tokens and its closing special
 * tokens: transformers.js's own truncation chops the closing [SEP] off and takes tokenizer_config.json's limit instead of
 * the encoder's.
 */
export async function loadTokenizer(model: ResolvedModel): Promise<Tokenizer> {
  const { tokenizer } = await readTokenizer(model)
  const { maxTokens } = model
  const closing = closingTokens(tokenizer)
  const special = tokenizer.encode('').ids.length
  if (maxTokens <= special) {
    throw unsupported(model, `room for a token beside the ${special} special ones`, `${maxTokens} in all`)
  }
  return (text) => {
    const { ids } = tokenizer.encode(asRead(text, model))
    if (ids.length <= maxTokens) return ids
    return [...ids.slice(0, maxTokens - closing.length), ...closing]
  }
}

export interface PlainTokenizer {
  readonly tokenize: Tokenizer
  /** Rows that a table for these tokens has. */
  readonly vocabulary: number
}

/**
 * Token ids without special ones: what a static model looks up. The text is taken as it is. As model2vec does, a model that
 * leaves unknown tokens out leaves them out after the cut, and cuts a very long text before it is read.
 */
export async function loadPlainTokenizer(model: ResolvedModel): Promise<PlainTokenizer> {
  const { tokenizer, unknown, vocabulary, medianLength } = await readTokenizer(model)
  const { maxTokens } = model
  const ids = (text: string) => tokenizer.encode(text, { add_special_tokens: false }).ids.slice(0, maxTokens)
  if (!model.dropUnknown) return { tokenize: ids, vocabulary }
  const longest = maxTokens * medianLength
  const cut = (text: string) => (text.length > longest ? Array.from(text).slice(0, longest).join('') : text)
  return { tokenize: (text) => ids(cut(text)).filter((id) => id !== unknown), vocabulary }
}

/** sentence-transformers strips every text of a transformer; old ones lower-case it as Python does, with Σ by its place. */
export function asRead(text: string, { lowerCase }: ResolvedModel): string {
  const stripped = strip(text)
  return lowerCase ? stripped.toLowerCase() : stripped
}

/** What the folder's tokenizer.json says; one that cannot be read is MODEL_UNSUPPORTED. */
export async function readTokenizer(model: ResolvedModel): Promise<TokenizerFile> {
  try {
    return await readTokenizerFile(model.tokenizerFolder)
  } catch (cause) {
    const got = cause instanceof Error ? cause.message : String(cause)
    throw unsupported(model, `a tokenizer that transformers.js can read (${TOKENIZER_TYPES})`, got, cause)
  }
}

/** What the tokenizer puts after a text, such as [SEP]: the part of the empty text's tokens that follows the common prefix. */
function closingTokens(tokenizer: TransformersTokenizer): number[] {
  const empty = tokenizer.encode('').ids
  const { ids } = tokenizer.encode('a')
  let opening = 0
  while (opening < empty.length && empty[opening] === ids[opening]) opening++
  return empty.slice(opening)
}

function unsupported(model: ResolvedModel, expected: string, got: string, cause?: unknown): HydraError {
  const remedy = 'Use an encoder with a fast tokenizer (tokenizer.json), such as all-MiniLM-L6-v2.'
  const where = join(model.tokenizerFolder, 'tokenizer.json')
  return new HydraError('MODEL_UNSUPPORTED', { expected, got, remedy, where }, { cause })
}
