import { posix, relative, sep } from 'node:path'
import type { Tensor } from '@xenova/transformers'
import { HydraError } from '../../../../shared/errors'
import type { ResolvedModel } from '../model-folder'
import type { WeightsDtype } from '../model-name'
import { KNOWN_INPUTS, paddedInputs, type TokenSession } from '../token-session'
import type { TransformersRunner } from './choose-runner'
import { graphOptions } from './graph-options'
import { LOGITS } from './graph-output'
import { loadTransformers } from './load-library'

/** What transformers.js fills by itself. */
const OF_A_CACHE = /^past_|^(use_cache_branch|num_logits_to_keep)$/

/**
 * A graph that only transformers.js takes, as a session like any other: tokens are those of the lean path (transformers.js has the
 * same tokenizers, and cuts long texts elsewhere), and so are pooling and unit length, since its feature-extraction pipeline
 * neither reads whole texts' vectors nor numbers in half precision.
 * @param remedy what to do where the graph is of another kind
 */
export async function openTransformersSession(
  model: ResolvedModel,
  { use, output: name }: TransformersRunner,
  remedy: string,
): Promise<TokenSession> {
  const { folder, weights } = model
  const unsupported = (expected: string, got: string, cause?: unknown) =>
    new HydraError('MODEL_UNSUPPORTED', { expected, got, remedy, where: weights }, { cause })
  if (use === 'encoder' && name === LOGITS)
    throw unsupported(
      'vectors of tokens or texts as output',
      `${name}, as a model that writes text gives them`,
    )
  const { AutoModel, AutoModelForSequenceClassification, Tensor } = await loadTransformers()
  const Model = use === 'encoder' ? AutoModel : AutoModelForSequenceClassification
  const network = await Model.from_pretrained(
    folder,
    graphOptions({ dtype: model.dtype as WeightsDtype, subfolder: subfolderOf(model) }),
  ).catch((cause: unknown) => {
    throw unsupported(`a model of one graph that transformers.js can run as ${use}`, said(cause), cause)
  })
  const inputs: readonly string[] = network.sessions.model.inputNames
  const foreign = inputs.find((input) => !KNOWN_INPUTS.includes(input) && !OF_A_CACHE.test(input))
  if (foreign) {
    await network.dispose()
    throw unsupported(`inputs among ${KNOWN_INPUTS.join(', ')}, and those of a cache`, `an input ${foreign}`)
  }
  // Where positions begin is the architecture's; a graph without a cache is given them, as by the lean path.
  const given = (input: string) => input !== 'position_ids' || !inputs.some((one) => OF_A_CACHE.test(one))
  const declared = network.sessions.model.outputMetadata.find((one: { name: string }) => one.name === name)
  return {
    outputShape: declared?.isTensor ? declared.shape : [],
    async run(rows) {
      const shape = [rows.length, rows[0].ids.length]
      const feeds = Object.entries(paddedInputs(rows))
        .filter(([input]) => given(input))
        .map(([input, data]) => [input, new Tensor('int64', data, shape)])
      const outputs: Record<string, Tensor> = await network(Object.fromEntries(feeds)).catch(
        (cause: unknown) => {
          throw unsupported('a graph that transformers.js can run', said(cause), cause)
        },
      )
      const output = outputs[name].type === 'float16' ? outputs[name].to('float32') : outputs[name]
      return { name, type: output.type, dims: output.dims, data: output.data }
    },
    unsupported,
    async release() {
      await network.dispose()
    },
  }
}

function subfolderOf({ folder, weights }: ResolvedModel): string {
  const below = posix.dirname(relative(folder, weights).split(sep).join('/'))
  return below === '.' ? '' : below
}

function said(cause: unknown): string {
  return cause instanceof Error ? cause.message.split('\n')[0] : String(cause)
}
