import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
// transformers.js's own tokenizer package: 10 ms to load, where all of transformers.js takes 300 and brings a second ONNX Runtime.
import { Tokenizer as TransformersTokenizer } from '@huggingface/tokenizers'
import { HydraError } from '../../../shared/errors'
import type { ResolvedModel } from './model-folder'

/** Text to token ids, special tokens included, cut as sentence-transformers cuts. */
export type Tokenizer = (text: string) => number[]

/**
 * The tokenizer of a model folder. Too long a text keeps its first tokens and its closing special tokens: transformers.js's
 * own truncation chops the closing [SEP] off and takes tokenizer_config.json's limit instead of the encoder's.
 */
export async function loadTokenizer(model: ResolvedModel): Promise<Tokenizer> {
  let tokenizer: TransformersTokenizer
  try {
    const [json, config] = await Promise.all(
      ['tokenizer.json', 'tokenizer_config.json'].map(async (file) =>
        JSON.parse(await readFile(join(model.folder, file), 'utf8')),
      ),
    )
    tokenizer = new TransformersTokenizer(json, config)
  } catch (cause) {
    throw new HydraError(
      'MODEL_UNSUPPORTED',
      {
        expected: 'a tokenizer that transformers.js can read',
        got: cause instanceof Error ? cause.message : String(cause),
        remedy: 'Use an encoder with a fast tokenizer (tokenizer.json), such as all-MiniLM-L6-v2.',
        where: join(model.folder, 'tokenizer.json'),
      },
      { cause },
    )
  }
  const { maxTokens, lowerCase } = model
  const closing = closingTokens(tokenizer)
  return (text) => {
    // sentence-transformers strips every text, too.
    const trimmed = text.trim()
    const { ids } = tokenizer.encode(lowerCase ? trimmed.toLowerCase() : trimmed)
    if (ids.length <= maxTokens) return ids
    return [...ids.slice(0, maxTokens - closing.length), ...closing]
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
