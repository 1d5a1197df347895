import { join } from 'node:path'
import { z } from 'zod'
import { DEFAULT_ENCODER } from '../../../shared/default-encoder'
import { HydraError } from '../../../shared/errors'
import {
  type DatasetStatistics,
  datasetStatisticsSchema,
  type TextKind,
  type TextStatistics,
} from '../../../shared/schemas/browsing'
import { countWords, lengthCounter } from '../../engine/datasets/browsing/length-histogram'
import { readLineRange } from '../../engine/datasets/browsing/read-line-range'
import { scanLines } from '../../engine/datasets/browsing/scan-lines'
import { parseTextRecord, type TextRecord } from '../../engine/datasets/browsing/text-record'
import { resolveModel } from '../../engine/encoders/model-folder'
import { loadTokenizer, type Tokenizer } from '../../engine/encoders/tokenizer'
import { readJson, writeJsonAtomic } from '../../files/atomic-write'
import { workspacePaths } from '../../workspace/paths'
import { defineOperation } from '../operation'
import { type DatasetLines, datasetLines } from './dataset-lines'

/** Texts whose tokens are counted, at even distances: enough for a histogram, done in a second or two. */
const MOST_TOKENIZED = 1000
/** Texts tokenized between two pauses in which the session answers others. */
const AT_ONCE = 25

/** How long a dataset's texts are; kept in the cache, since a million take seconds. */
export const datasetStatistics = defineOperation({
  name: 'dataset-statistics',
  input: z.strictObject({ id: z.string().min(1) }),
  output: datasetStatisticsSchema,
  session: true,
  async run({ id }, context) {
    const { workspace, appRoot, signal } = context
    const dataset = await datasetLines(id, context)
    const paths = workspacePaths(workspace)
    const file = paths.statistics(dataset.record.sha256)
    const known = await readJson(file, datasetStatisticsSchema).catch(unreadable)
    if (known) return { ...known, dataset: id }
    const model = await resolveModel(DEFAULT_ENCODER, [join(appRoot, 'resources', 'models'), paths.models])
    const tokenize = await loadTokenizer({ ...model, maxTokens: Number.MAX_SAFE_INTEGER })
    const counted = (of: TextKind) => count({ dataset, of, tokenize, most: model.maxTokens, signal })
    const statistics: DatasetStatistics = {
      version: 1,
      dataset: id,
      sha256: dataset.record.sha256,
      encoder: DEFAULT_ENCODER,
      maxTokens: model.maxTokens,
      documents: await counted('documents'),
      queries: await counted('queries'),
    }
    await writeJsonAtomic(file, statistics)
    return statistics
  },
})

declare module '../operation' {
  interface Operations {
    'dataset-statistics': typeof datasetStatistics
  }
}

/** What is in the cache may be deleted at any time; what another version wrote counts as deleted. */
function unreadable(error: unknown): null {
  if (error instanceof HydraError) return null
  throw error
}

async function count(options: {
  readonly dataset: DatasetLines
  readonly of: TextKind
  readonly tokenize: Tokenizer
  /** Tokens that the encoder reads. */
  readonly most: number
  readonly signal: AbortSignal
}): Promise<TextStatistics> {
  const { dataset, of, tokenize, most, signal } = options
  const index = await dataset.lines(of)
  const words = lengthCounter()
  for await (const { lines } of scanLines(index, 0, signal))
    for (const line of lines) words.add(countWords(wholeText(parseTextRecord(line))))
  const tokens = lengthCounter()
  const sample = Math.min(index.lines, MOST_TOKENIZED)
  let cut = 0
  for (let place = 0; place < sample; place++) {
    signal.throwIfAborted()
    const [line] = await readLineRange(index, Math.floor((place * index.lines) / sample), 1)
    const { length } = tokenize(wholeText(parseTextRecord(line)))
    tokens.add(length)
    if (length > most) cut++
    if (place % AT_ONCE === AT_ONCE - 1) await new Promise(setImmediate)
  }
  return { words: words.summary(), tokens: tokens.summary(), cut: sample > 0 ? cut / sample : 0 }
}

/** Title and text as the encoder reads them. */
function wholeText({ title, text }: TextRecord): string {
  return title ? `${title} ${text}`.trim() : text.trim()
}
