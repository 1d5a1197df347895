import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
// transformers.js's own tokenizer package: 10 ms to load, where all of transformers.js takes 300 and brings a second ONNX Runtime.
import { Tokenizer as TransformersTokenizer } from '@huggingface/tokenizers'
import { HydraError } from '../../../shared/errors'
import { exists } from './model-files'
import type { ResolvedModel } from './model-folder'

const TYPES = ['WordPiece', 'BPE', 'Unigram']

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

/** Token ids without special ones, of known tokens only where the model says so: what a static model looks up. */
export async function loadPlainTokenizer(model: ResolvedModel): Promise<Tokenizer> {
  const { tokenizer, unknown } = await readTokenizer(model)
  const dropped = model.dropUnknown && unknown !== undefined ? tokenizer.token_to_id(unknown) : undefined
  return (text) => {
    const { ids } = tokenizer.encode(asRead(text, model), { add_special_tokens: false })
    const known = dropped === undefined ? ids : ids.filter((id) => id !== dropped)
    return known.slice(0, model.maxTokens)
  }
}

/** sentence-transformers strips every text, too. */
function asRead(text: string, { lowerCase }: ResolvedModel): string {
  const trimmed = text.trim()
  return lowerCase ? trimmed.toLowerCase() : trimmed
}

async function readTokenizer(
  model: ResolvedModel,
): Promise<{ tokenizer: TransformersTokenizer; unknown: string | undefined }> {
  try {
    const read = async (file: string) => JSON.parse(await readFile(join(model.tokenizerFolder, file), 'utf8'))
    const json = await read('tokenizer.json')
    // Old files name no type; the package would guess one for any it does not know.
    const type = json.model?.type ?? null
    if (type !== null && !TYPES.includes(type)) throw new Error(`tokenizer type “${type}”`)
    // A static model may come without one.
    const config = (await exists(join(model.tokenizerFolder, 'tokenizer_config.json')))
      ? await read('tokenizer_config.json')
      : {}
    return { tokenizer: new TransformersTokenizer(json, config), unknown: json.model?.unk_token }
  } catch (cause) {
    const got = cause instanceof Error ? cause.message : String(cause)
    throw unsupported(model, `a tokenizer that transformers.js can read (${TYPES.join(', ')})`, got, cause)
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
