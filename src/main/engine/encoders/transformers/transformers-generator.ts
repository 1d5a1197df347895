import { createHash } from 'node:crypto'
import type { PreTrainedModel, PreTrainedTokenizer, Tensor } from '@xenova/transformers'
import { HydraError, throwIfCancelled } from '../../../../shared/errors'
import type { GeneratorKind } from './generator-kind'
import type { ResolvedGenerator } from './generator-model'
import { graphOptions } from './graph-options'
import { loadTransformers } from './load-library'
import type { QueryGenerator, Writing } from './query-generator'
import { DRAWN_AMONG, READ, WRITTEN, writingFingerprint } from './writing-fingerprint'

/** Tokens that a seq2seq model sees at most, what stands around the document included. */
const MOST_TOKENS = 512
/** Words of a query at most: longer ones are no longer like a query. */
const MOST_WORDS = 64

const USUAL_PROMPTS: Readonly<Record<GeneratorKind | 'chat', string>> = {
  // docTTTTTquery and GPL's models were trained on the bare passage.
  seq2seq: '{document}',
  // After InPars (Bonifacio et al. 2022).
  causal: 'Document: {document}\nRelevant query:',
  chat: 'Write one search query that the following document answers. Answer with the query alone.\n\n{document}',
}

/**
 * A model that writes queries, in this process, on one thread, which it blocks while it runs: whoever serves people uses it from
 * a worker process. Queries are drawn by transformers.js's own Mersenne Twister, seeded by the seed and the document before
 * each one, so that what is written of a document depends on no other.
 */
export async function openTransformersGenerator(
  model: ResolvedGenerator,
  writing: Writing,
): Promise<QueryGenerator> {
  const library = await loadTransformers()
  const { tokenizer, network } = await openModel(model)
  const prompt = writing.prompt ?? USUAL_PROMPTS[usualPrompt(model, tokenizer)]
  const endings = endingTokens(network)

  async function write(document: string): Promise<string[]> {
    const given = prompt.replaceAll('{document}', () => beginning(document))
    const inputs = read(given)
    library.random.seed(seedOf(writing.seed, document))
    const drawing = { ...inputs, do_sample: true, top_k: DRAWN_AMONG, max_new_tokens: WRITTEN }
    const generated = (await network
      .generate(drawing as Parameters<PreTrainedModel['generate']>[0])
      .catch((cause: unknown) => {
        throw unsupported(model, cause)
      })) as Tensor
    const length = model.kind === 'causal' ? (inputs.input_ids as Tensor).dims[1] : 1
    const rows = generated.tolist() as bigint[][]
    const texts = rows.map((row) => decode(row.slice(length).map(Number)))
    return [...new Set(texts)].filter((text) => text !== '' && text.split(' ').length <= MOST_WORDS)
  }

  /** The same tokens once for each query. */
  function read(text: string): Record<string, unknown> {
    const texts = Array.from({ length: writing.perDocument }, () => text)
    if (model.kind === 'seq2seq') return tokenizer(texts, { truncation: true, max_length: MOST_TOKENS })
    if (!tokenizer.chat_template) return tokenizer(texts, { padding: false })
    const said = tokenizer.apply_chat_template([{ role: 'user', content: text }], {
      add_generation_prompt: true,
      tokenize: false,
    }) as string
    return tokenizer(
      texts.map(() => said),
      { add_special_tokens: false },
    )
  }

  /** The first line, up to the token that ends it: rows of a batch that are done go on being drawn. */
  function decode(ids: readonly number[]): string {
    const end = ids.findIndex((id) => endings.has(id))
    const kept = end < 0 ? [...ids] : ids.slice(0, end)
    if (kept.length === 0) return ''
    const text = tokenizer.decode(kept, { skip_special_tokens: true }).trim()
    return text.split('\n', 1)[0].replace(/\s+/g, ' ').trim()
  }

  return {
    id: model.id,
    fingerprint: writingFingerprint(model, writing),
    async generate(documents, { signal, onProgress, onQueries } = {}) {
      const queries: string[][] = []
      for (const [row, document] of documents.entries()) {
        throwIfCancelled(signal)
        const written = await write(document)
        queries.push(written)
        onQueries?.([row], [written])
        onProgress?.(row + 1, documents.length)
      }
      return queries
    },
    async dispose() {
      await network.dispose()
    },
  }
}

async function openModel(
  model: ResolvedGenerator,
): Promise<{ tokenizer: PreTrainedTokenizer; network: PreTrainedModel }> {
  const { AutoTokenizer, AutoModelForSeq2SeqLM, AutoModelForCausalLM } = await loadTransformers()
  const { folder, kind, dtype, graphs: subfolder } = model
  const Model = kind === 'seq2seq' ? AutoModelForSeq2SeqLM : AutoModelForCausalLM
  try {
    const tokenizer = await AutoTokenizer.from_pretrained(folder, { local_files_only: true })
    const network = await Model.from_pretrained(folder, graphOptions({ dtype, subfolder }))
    return { tokenizer, network }
  } catch (cause) {
    throw unsupported(model, cause)
  }
}

function unsupported({ folder: where }: ResolvedGenerator, cause: unknown): HydraError {
  const got = cause instanceof Error ? cause.message.split('\n')[0] : String(cause)
  const expected = 'a model that transformers.js can run'
  const remedy =
    'Choose a model that was exported for transformers.js, such as one of the hub’s with that tag.'
  return new HydraError('MODEL_UNSUPPORTED', { expected, got, remedy, where }, { cause })
}

function usualPrompt({ kind }: ResolvedGenerator, tokenizer: PreTrainedTokenizer): GeneratorKind | 'chat' {
  return kind === 'causal' && tokenizer.chat_template ? 'chat' : kind
}

function endingTokens({ generation_config: config }: PreTrainedModel): Set<number> {
  const ending = (config as { eos_token_id?: number | number[] | null } | null)?.eos_token_id ?? []
  return new Set([ending].flat())
}

/** The first characters of a document, up to the end of a word. */
function beginning(document: string): string {
  const text = document.replace(/\s+/g, ' ').trim()
  if (text.length <= READ) return text
  const cut = text.slice(0, READ)
  const end = cut.lastIndexOf(' ')
  return end > 0 ? cut.slice(0, end) : cut
}

/** 32 bits of the seed and the text. */
function seedOf(seed: number, document: string): number {
  return createHash('sha256')
    .update(JSON.stringify([seed, document]))
    .digest()
    .readUInt32BE(0)
}
