import { join } from 'node:path'
import type { Tokenizer } from '@huggingface/tokenizers'
import { HydraError } from '../../../shared/errors'
import type { ResolvedModel } from '../encoders/model-folder'
import { readTokenizerFile } from '../encoders/tokenizing/tokenizer-file'
import { strip } from '../formats/strip'
import type { TextPair } from './pair-scorer'

/** Token ids of a pair with its special tokens, and which of the two texts each belongs to, [length] each. */
interface PairTokens {
  readonly ids: readonly number[]
  readonly types: readonly number[]
  readonly length: number
}

interface Part {
  readonly ids: readonly number[]
  readonly types: readonly number[]
}

/**
 * The tokenizer of a cross-encoder's folder. Too long a pair loses tokens at the end of the longer text, then of both, as
 * Hugging Face's `longest_first` has it; the special tokens stay.
 */
export async function loadPairTokenizer(
  model: ResolvedModel,
  maxTokens: number,
): Promise<(pair: TextPair) => PairTokens> {
  let tokenizer: Tokenizer
  let template: Template
  try {
    ;({ tokenizer } = await readTokenizerFile(model.folder))
    template = pairTemplate(tokenizer)
  } catch (cause) {
    throw new HydraError(
      'MODEL_UNSUPPORTED',
      {
        expected: 'a tokenizer that transformers.js can read, with a template for pairs of texts',
        got: cause instanceof Error ? cause.message : String(cause),
        remedy:
          'Use a cross-encoder with a fast tokenizer (tokenizer.json), such as ms-marco-MiniLM-L-12-v2.',
        where: join(model.folder, 'tokenizer.json'),
      },
      { cause },
    )
  }
  const { opening, middle, closing, types } = template
  const special = opening.ids.length + middle.ids.length + closing.ids.length
  const room = Math.min(maxTokens, model.maxTokens) - special
  const bare = (text: string) => tokenizer.encode(strip(text), { add_special_tokens: false }).ids
  return ([query, document]) => {
    const [first, second] = [bare(query), bare(document)]
    const [left, right] = longestFirst(first.length, second.length, room)
    const ids = [
      ...opening.ids,
      ...first.slice(0, left),
      ...middle.ids,
      ...second.slice(0, right),
      ...closing.ids,
    ]
    return {
      ids,
      types: [
        ...opening.types,
        ...Array<number>(left).fill(types[0]),
        ...middle.types,
        ...Array<number>(right).fill(types[1]),
        ...closing.types,
      ],
      length: ids.length,
    }
  }
}

/** Lengths of two texts cut to fit into `room` together: the longer one first, then both halves alike. */
export function longestFirst(first: number, second: number, room: number): [number, number] {
  if (first + second <= room) return [first, second]
  const short = Math.min(first, second)
  const half = Math.floor(room / 2)
  // The shorter text stays whole while it fills no more than its half; of an odd number the longer text gets one more.
  const [less, more] = short <= half ? [short, room - short] : [half, room - half]
  return first <= second ? [less, more] : [more, less]
}

interface Template {
  readonly opening: Part
  readonly middle: Part
  readonly closing: Part
  /** Type of the first text's tokens and of the second's. */
  readonly types: readonly [number, number]
}

/** What the tokenizer puts before, between and after two texts: read off a pair whose own tokens are known. */
function pairTemplate(tokenizer: Tokenizer): Template {
  const { ids, token_type_ids } = tokenizer.encode('a', { text_pair: 'b', return_token_type_ids: true })
  const types = token_type_ids ?? ids.map(() => 0)
  const bare = (text: string) => tokenizer.encode(text, { add_special_tokens: false }).ids
  const [a, b] = [bare('a'), bare('b')]
  const first = find(ids, a, 0)
  const second = find(ids, b, first + a.length)
  const part = (from: number, to: number) => ({ ids: ids.slice(from, to), types: types.slice(from, to) })
  return {
    opening: part(0, first),
    middle: part(first + a.length, second),
    closing: part(second + b.length, ids.length),
    types: [types[first], types[second]],
  }
}

/** Where a run of ids begins. */
function find(ids: readonly number[], run: readonly number[], from: number): number {
  for (let at = from; run.length > 0 && at + run.length <= ids.length; at++) {
    if (run.every((id, i) => ids[at + i] === id)) return at
  }
  throw new Error('the template for pairs changes the texts')
}
