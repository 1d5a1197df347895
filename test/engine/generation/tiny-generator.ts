import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type OnnxConstant, type OnnxNode, onnxModel } from '../../../src/main/engine/formats/onnx-model'

const PAD = 0
const END = 1
const UNKNOWN = 2
const SPECIAL = ['<pad>', '</s>', '<unk>']

/** Weight of a token that the document has over one that it has not. */
const SEEN = 12
/** Of the end over a token of the document, once there is a word. */
const ENDS = 12
const NEVER = -40

/**
 * A model that writes words of its document in random order and none twice in a row: small enough to be made where it is needed,
 * and of the same files, inputs and outputs as a T5 (`seq2seq`) or GPT-2 (`causal`) that was exported for transformers.js.
 * @param words its vocabulary; all others are unknown to it and never written
 */
export async function makeGenerator(
  place: string,
  kind: 'seq2seq' | 'causal',
  words: readonly string[],
): Promise<string> {
  const vocabulary = [...SPECIAL, ...words]
  const V = vocabulary.length
  await mkdir(join(place, 'onnx'), { recursive: true })
  const json = (name: string, value: object) => writeFile(join(place, name), JSON.stringify(value))
  const graph = (name: string, bytes: Uint8Array) => writeFile(join(place, 'onnx', `${name}.onnx`), bytes)
  await json('tokenizer.json', tokenizer(vocabulary, kind))
  await json('tokenizer_config.json', {
    tokenizer_class: kind === 'seq2seq' ? 'T5Tokenizer' : 'GPT2Tokenizer',
    model_max_length: 512,
    pad_token: '<pad>',
    eos_token: '</s>',
    unk_token: '<unk>',
  })
  const ends = { pad_token_id: PAD, eos_token_id: END }
  if (kind === 'seq2seq') {
    const sizes = { d_model: V, d_kv: V, num_layers: 1, num_decoder_layers: 1, num_heads: 1, vocab_size: V }
    await json('config.json', {
      model_type: 't5',
      architectures: ['T5ForConditionalGeneration'],
      is_encoder_decoder: true,
      decoder_start_token_id: PAD,
      ...sizes,
      ...ends,
    })
    await json('generation_config.json', { decoder_start_token_id: PAD, ...ends })
    await graph('encoder_model', encoder(V))
    await graph('decoder_model_merged', decoder(V))
  } else {
    const sizes = { n_embd: V, n_layer: 1, n_head: 1, n_positions: 512, vocab_size: V }
    await json('config.json', { model_type: 'gpt2', architectures: ['GPT2LMHeadModel'], ...sizes, ...ends })
    await json('generation_config.json', ends)
    await graph('model', causal(V))
  }
  return place
}

function tokenizer(vocabulary: readonly string[], kind: 'seq2seq' | 'causal') {
  const special = SPECIAL.map((content, id) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  }))
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: special,
    normalizer: { type: 'Lowercase' },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor:
      kind === 'causal'
        ? null
        : {
            type: 'TemplateProcessing',
            single: [{ Sequence: { id: 'A', type_id: 0 } }, { SpecialToken: { id: '</s>', type_id: 0 } }],
            pair: [{ Sequence: { id: 'A', type_id: 0 } }, { SpecialToken: { id: '</s>', type_id: 0 } }],
            special_tokens: { '</s>': { id: '</s>', ids: [END], tokens: ['</s>'] } },
          },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '<unk>',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(vocabulary.map((word, id) => [word, id])),
    },
  }
}

/** [V, V] one row a token: itself, nothing of a special one. */
function itself(V: number): OnnxConstant {
  const data = new Float32Array(V * V)
  for (let id = SPECIAL.length; id < V; id++) data[id * V + id] = SEEN
  return { name: 'itself', shape: [V, V], data }
}

/** [V, V] what each token says of the next one: not itself, no special one, and the end after a word. */
function next(V: number): OnnxConstant {
  const data = new Float32Array(V * V)
  for (let id = 0; id < V; id++) {
    data[id * V + PAD] = NEVER
    data[id * V + UNKNOWN] = NEVER
    data[id * V + END] = id < SPECIAL.length ? NEVER : ENDS
    if (id >= SPECIAL.length) data[id * V + id] = NEVER
  }
  return { name: 'next', shape: [V, V], data }
}

const gather = (table: string, ids: string, output: string): OnnxNode => ({
  op: 'Gather',
  inputs: [table, ids],
  outputs: [output],
  attributes: { axis: 0 },
})

function encoder(V: number): Uint8Array {
  return onnxModel({
    name: 'encoder',
    nodes: [
      gather('itself', 'input_ids', 'tokens'),
      { op: 'Cast', inputs: ['attention_mask'], outputs: ['seen'], attributes: { to: 1 } },
      { op: 'Unsqueeze', inputs: ['seen', 'last'], outputs: ['column'] },
      { op: 'Mul', inputs: ['tokens', 'column'], outputs: ['last_hidden_state'] },
    ],
    constants: [itself(V), { name: 'last', shape: [1], data: BigInt64Array.of(2n) }],
    inputs: ['input_ids', 'attention_mask'].map((name) => ({ name, type: 'int64', shape: ['n', 'l'] })),
    outputs: [{ name: 'last_hidden_state', type: 'float', shape: ['n', 'l', V] }],
  })
}

/** Without a cache: the last token and the document are all that it looks at. */
function decoder(V: number): Uint8Array {
  return onnxModel({
    name: 'decoder',
    nodes: [
      {
        op: 'ReduceMax',
        inputs: ['encoder_hidden_states'],
        outputs: ['document'],
        attributes: { axes: [1], keepdims: 1 },
      },
      gather('next', 'input_ids', 'after'),
      { op: 'Add', inputs: ['document', 'after'], outputs: ['logits'] },
    ],
    constants: [next(V)],
    inputs: [
      { name: 'input_ids', type: 'int64', shape: ['n', 't'] },
      { name: 'encoder_hidden_states', type: 'float', shape: ['n', 'l', V] },
    ],
    outputs: [{ name: 'logits', type: 'float', shape: ['n', 't', V] }],
  })
}

/** What was read is its cache of keys, [n, 1 head, tokens, V]. */
function causal(V: number): Uint8Array {
  return onnxModel({
    name: 'causal',
    nodes: [
      gather('itself', 'input_ids', 'tokens'),
      { op: 'Unsqueeze', inputs: ['tokens', 'head'], outputs: ['fresh'] },
      {
        op: 'Concat',
        inputs: ['past_key_values.0.key', 'fresh'],
        outputs: ['present.0.key'],
        attributes: { axis: 2 },
      },
      {
        op: 'Concat',
        inputs: ['past_key_values.0.value', 'fresh'],
        outputs: ['present.0.value'],
        attributes: { axis: 2 },
      },
      {
        op: 'ReduceMax',
        inputs: ['present.0.key'],
        outputs: ['read'],
        attributes: { axes: [1, 2], keepdims: 0 },
      },
      { op: 'Unsqueeze', inputs: ['read', 'head'], outputs: ['document'] },
      gather('next', 'input_ids', 'after'),
      { op: 'Add', inputs: ['document', 'after'], outputs: ['logits'] },
    ],
    constants: [itself(V), next(V), { name: 'head', shape: [1], data: BigInt64Array.of(1n) }],
    inputs: [
      { name: 'input_ids', type: 'int64', shape: ['n', 't'] },
      { name: 'past_key_values.0.key', type: 'float', shape: ['n', 1, 'p', V] },
      { name: 'past_key_values.0.value', type: 'float', shape: ['n', 1, 'p', V] },
    ],
    outputs: [
      { name: 'logits', type: 'float', shape: ['n', 't', V] },
      { name: 'present.0.key', type: 'float', shape: ['n', 1, 'a', V] },
      { name: 'present.0.value', type: 'float', shape: ['n', 1, 'a', V] },
    ],
  })
}
