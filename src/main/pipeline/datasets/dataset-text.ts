import { HydraError } from '../../../shared/errors'
import {
  type JudgedText,
  type TextKind,
  textRequestSchema,
  wholeTextSchema,
} from '../../../shared/schemas/browsing'
import { textsById } from '../../engine/datasets/browsing/find-texts'
import { countWords } from '../../engine/datasets/browsing/length-histogram'
import { readJudgments } from '../../engine/datasets/importing/beir-records'
import { defineOperation } from '../operation'
import { beginning, type DatasetLines, datasetLines } from './dataset-lines'

/** Judgments that are shown with a text. */
const MOST_JUDGED = 100

/** One document or query, whole, with what is judged of it. */
export const datasetText = defineOperation({
  name: 'dataset-text',
  input: textRequestSchema,
  output: wholeTextSchema,
  session: true,
  async run({ id, of, text }, context) {
    const { signal } = context
    const dataset = await datasetLines(id, context)
    const index = await dataset.lines(of)
    const found = (await textsById(index, new Set([text]), signal)).get(text)
    if (!found) throw unknownText(of, text, id)
    const judgments = await judgmentsOf(dataset, of, text, signal)
    const shown = judgments.sort((a, b) => b.grade - a.grade).slice(0, MOST_JUDGED)
    const others = await dataset.lines(of === 'documents' ? 'queries' : 'documents')
    const texts = await textsById(others, new Set(shown.map(({ other }) => other)), signal)
    return {
      ...found,
      words: countWords(`${found.title} ${found.text}`),
      judgments: judgments.length,
      judged: shown.map(({ other, ...judged }): JudgedText => {
        const known = texts.get(other)
        return { ...judged, id: other, title: known?.title ?? '', text: known ? beginning(known.text) : null }
      }),
    }
  },
})

declare module '../operation' {
  interface Operations {
    'dataset-text': typeof datasetText
  }
}

interface Judged extends Pick<JudgedText, 'split' | 'card' | 'grade'> {
  /** Id of the query where a document was asked for, and the other way round. */
  readonly other: string
}

async function judgmentsOf(
  dataset: DatasetLines,
  of: TextKind,
  id: string,
  signal: AbortSignal,
): Promise<Judged[]> {
  const [own, other] =
    of === 'documents' ? (['document', 'query'] as const) : (['query', 'document'] as const)
  const found: Judged[] = []
  for (const [split, file] of await dataset.qrels())
    for await (const { judgments } of readJudgments(file, signal))
      for (const judgment of judgments)
        if (judgment?.[own] === id)
          found.push({ split, card: judgment.card, grade: judgment.grade, other: judgment[other] })
  return found
}

function unknownText(of: TextKind, text: string, dataset: string): HydraError {
  return new HydraError('TEXT_UNKNOWN', {
    expected: `the id of one of the ${of} of ${dataset}`,
    got: JSON.stringify(text),
    remedy: 'Look for it in the list, or search for a word of it.',
  })
}
