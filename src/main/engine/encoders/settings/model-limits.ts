import { join } from 'node:path'
import { z } from 'zod'
import { HydraError } from '../../../../shared/errors'
import { exists, readModelJson } from '../model-files'
import type { Config } from './model-config'

const tokenizerConfigSchema = z.object({ model_max_length: z.number().positive().nullish() })

/** Positions that count from the padding's id on: two of them are never a token's. */
const OFFSET_POSITIONS = [
  ...['roberta', 'xlm-roberta', 'xlm-roberta-xl', 'roberta-prelayernorm', 'camembert', 'mpnet', 'xmod'],
  ...['longformer', 'data2vec-text', 'ibert', 'luke', 'mluke'],
]
/** Distances instead of positions: n_positions is only what they were trained with. */
const RELATIVE_POSITIONS = ['t5', 'mt5', 'umt5', 'longt5']
/** transformers writes 1e30 where a tokenizer has no limit; no text has so many tokens. */
const NO_LIMIT = 1e9
/** What sentence encoders without any stated limit were trained with, and model2vec's own limit. */
export const COMMON_TOKENS = 512

/** Of model2vec its own limit, 512 unless config.json gives another; sentence-transformers has none for a table. */
export function statedByTable({ model_type, max_length }: Config): number | null {
  if (model_type !== 'model2vec') return null
  return max_length === undefined ? COMMON_TOKENS : max_length
}

/** Longest input; null where nothing gives one. */
export function readLimit(
  asked: number | null,
  stated: number | null,
  config: Config,
  folder: string,
): number | null {
  const positions = positionsOf(config)
  if (asked !== null && positions !== null && asked > positions) {
    throw new HydraError('MODEL_UNSUPPORTED', {
      expected: `at most ${positions} tokens, as max_position_embeddings says`,
      got: String(asked),
      remedy: 'Name fewer after ?tokens=, or leave it out.',
      where: join(folder, 'config.json'),
    })
  }
  if (asked !== null) return asked
  if (stated === null || positions === null) return stated ?? positions
  return Math.min(positions, stated)
}

function positionsOf(config: Config): number | null {
  const { model_type: type = '', max_position_embeddings: positions, n_positions: other } = config
  const offset = OFFSET_POSITIONS.includes(type) ? 2 : 0
  if (positions !== undefined) return positions - offset
  return other === undefined || RELATIVE_POSITIONS.includes(type) ? null : other
}

export async function tokenizerLimit(folder: string): Promise<number | null> {
  const file = join(folder, 'tokenizer_config.json')
  if (!(await exists(file))) return null
  const { model_max_length: limit } = await readModelJson(file, tokenizerConfigSchema)
  return limit == null || limit >= NO_LIMIT ? null : limit
}
