import { join } from 'node:path'
import { z } from 'zod'
import { graphSignature } from '../graphs/graph-signature'
import { ONNX_WEIGHTS } from '../graphs/onnx-weights'
import { exists, readOptionalJson } from '../model-files'
import { LOGITS } from './graph-output'

/** `seq2seq` reads the text and writes another (T5, BART); `causal` goes on from a prompt (GPT-2, Qwen). */
export type GeneratorKind = 'seq2seq' | 'causal'

const configSchema = z.object({
  architectures: z.array(z.string()).nullish(),
  is_encoder_decoder: z.boolean().optional(),
})

/**
 * What kind of text a folder's model writes; null: it is no generator. An encoder that was made of a causal model has its head's
 * name in config.json still, but the files of sentence-transformers beside it, or a graph without that head.
 */
export async function generatorKind(folder: string): Promise<GeneratorKind | null> {
  for (const file of ['modules.json', '1_Pooling/config.json', 'config_sentence_transformers.json'])
    if (await exists(join(folder, file))) return null
  const config = await readOptionalJson(join(folder, 'config.json'), configSchema)
  const named = (ending: string) => config?.architectures?.some((name) => name.endsWith(ending)) ?? false
  if (named('ForConditionalGeneration')) return 'seq2seq'
  if (!named('ForCausalLM') && !named('LMHeadModel')) return null
  return (await hasHead(folder)) ? 'causal' : null
}

/** Whether the graph gives scores of the next token, as far as it is there. */
async function hasHead(folder: string): Promise<boolean> {
  for (const [, file] of ONNX_WEIGHTS) {
    if (!(await exists(join(folder, file)))) continue
    const signature = await graphSignature(join(folder, file))
    return signature === null || signature.outputs.some(({ name }) => name === LOGITS)
  }
  return true
}
