import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
// transformers.js's own tokenizer package, so that it reads no tokenizer more than this: 10 ms to load, where all of
// transformers.js takes 300.
import { Tokenizer } from '@huggingface/tokenizers'
import { z } from 'zod'
import { exists } from '../model-files'
import { followCrate } from './crate-normalizers'

const TYPES = ['WordPiece', 'BPE', 'Unigram', 'WordLevel']
/** What errors say they can be. */
export const TOKENIZER_TYPES = TYPES.join(', ')

const fileSchema = z.looseObject({
  model: z.looseObject({
    /** Old files name none. */
    type: z.string().nullish(),
    vocab: z.union([z.record(z.string(), z.number()), z.array(z.tuple([z.string(), z.number()]))]),
    /** Of all but Unigram: what a word that cannot be spelled becomes. */
    unk_token: z.string().nullish(),
    /** Of Unigram: the same, as its place in the vocabulary. */
    unk_id: z.number().int().nonnegative().nullish(),
  }),
  added_tokens: z.array(z.looseObject({ id: z.number().int(), content: z.string() })),
})

export interface TokenizerFile {
  readonly tokenizer: Tokenizer
  /** Id of the token that stands for what the vocabulary lacks; null where it has none. */
  readonly unknown: number | null
  /** One more than the highest token id. */
  readonly vocabulary: number
  /** Median length of a token, in characters (code points): by it model2vec cuts long texts before they are read. */
  readonly medianLength: number
}

/** A folder's tokenizer.json, with tokenizer_config.json where it is there. Throws a plain Error for what cannot be read. */
export async function readTokenizerFile(folder: string): Promise<TokenizerFile> {
  const read = async (file: string) => JSON.parse(await readFile(join(folder, file), 'utf8'))
  const json = await read('tokenizer.json')
  const parsed = fileSchema.safeParse(json)
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error).replaceAll('\n', ' '))
  const { model, added_tokens: added } = parsed.data
  // The package would guess one for any that it does not know.
  if (model.type && !TYPES.includes(model.type)) throw new Error(`tokenizer type “${model.type}”`)
  const config = (await exists(join(folder, 'tokenizer_config.json')))
    ? await read('tokenizer_config.json')
    : {}
  if (model.type === 'WordLevel' && !model.unk_token)
    throw new Error('a WordLevel tokenizer without unk_token, for which most texts are none')
  const tokenizer = new Tokenizer(json, {
    ...config,
    // Of Python's slow tokenizers; the crate does what tokenizer.json says and nothing before it.
    remove_space: false,
    do_lowercase_and_remove_accent: false,
    // For a kind that it has no class for the package looks here and not into tokenizer.json.
    ...(model.type === 'WordLevel' && { unk_token: model.unk_token }),
  })
  followCrate(tokenizer.normalizer)
  const ids = new Map(
    Array.isArray(model.vocab)
      ? model.vocab.map(([token], id): [string, number] => [token, id])
      : Object.entries(model.vocab),
  )
  for (const { id, content } of added) ids.set(content, id)
  // Each kind of model has its own field; the crate passes over the other's, whatever stands there.
  const unknown = Array.isArray(model.vocab) ? model.unk_id : ids.get(model.unk_token ?? '')
  let highest = -1
  for (const id of ids.values()) highest = Math.max(highest, id)
  return {
    tokenizer,
    unknown: unknown ?? null,
    vocabulary: highest + 1,
    medianLength: Math.floor(median([...ids.keys()].map((token) => Array.from(token).length))),
  }
}

function median(values: number[]): number {
  const sorted = values.sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
