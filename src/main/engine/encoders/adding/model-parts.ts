import { posix } from 'node:path'
import { HydraError } from '../../../../shared/errors'
import { externalData } from '../graphs/external-data'
import { ONNX_WEIGHTS } from '../graphs/onnx-weights'
import type { WeightsDtype } from '../model-name'
import { TABLE_FILE } from '../static-table'

/** What says how a model is used, and under which licence: a few hundred KB. */
const SETTINGS =
  /^(?:(?:config|generation_config|tokenizer|tokenizer_config|special_tokens_map|modules|sentence_[a-z-]+_config|config_sentence_transformers|SOURCE)\.json|chat_template\.jinja|\d+_[A-Za-z]+\/(?:config|tokenizer|tokenizer_config)\.json|README\.md|(?:LICENSE|LICENCE|NOTICE)(?:\.md|\.txt)?)$/

export function settingFiles(paths: readonly string[]): string[] {
  return paths.filter((path) => SETTINGS.test(path))
}

/**
 * The graph or table that an encoder needs of all that a model comes with: a repository often has the same weights ten times over.
 * @param table folder of a static model's table, null for a transformer  @param where names the source in errors
 */
export function weightsFile(
  paths: readonly string[],
  { wanted, table, where }: { wanted: WeightsDtype | undefined; table: string | null; where: string },
): string {
  const candidates =
    table === null
      ? ONNX_WEIGHTS.filter(([dtype]) => !wanted || dtype === wanted).map(([, file]) => file)
      : [posix.join(table, TABLE_FILE)]
  const file = candidates.find((one) => paths.includes(one))
  if (file) return file
  const others = paths.filter((path) => /\.(onnx|safetensors|bin|gguf|pt)$/.test(path))
  throw new HydraError('MODEL_UNSUPPORTED', {
    expected: candidates.join(' or '),
    got: others.length > 0 ? others.slice(0, 8).join(', ') : 'no weights',
    remedy: 'Choose a model with an onnx folder, or export one and add its folder.',
    command: 'optimum-cli export onnx --model ID FOLDER && hydra models add FOLDER',
    where,
  })
}

/** What else the weights need: the files that a graph itself names, by whatever name. @param placed the graph, where it was brought to */
export async function dataFiles(
  paths: readonly string[],
  { file, placed, where }: { file: string; placed: string; where: string },
): Promise<string[]> {
  if (!file.endsWith('.onnx')) return []
  const files = (await externalData(placed)).map((name) => posix.join(posix.dirname(file), name))
  const missing = files.find((one) => !paths.includes(one))
  if (missing === undefined) return files
  throw new HydraError('MODEL_MISSING', {
    expected: `${missing}, in which weights of ${file} lie`,
    got: 'no such file',
    remedy: 'Bring the model whole: the graph alone cannot run.',
    where,
  })
}
