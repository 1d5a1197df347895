import type { z } from 'zod'
import { HydraError } from '../../../shared/errors'
import { textsRequestSchema, textsSchema } from '../../../shared/schemas/browsing'
import { readLineRange } from '../../engine/datasets/browsing/read-line-range'
import { scanLines } from '../../engine/datasets/browsing/scan-lines'
import { lineId, parseTextRecord } from '../../engine/datasets/browsing/text-record'
import { readJudgments } from '../../engine/datasets/importing/beir-records'
import { defineOperation, type OperationContext } from '../operation'
import { type DatasetLines, datasetLines, textRow } from './dataset-lines'

/** A window on the documents or queries of a dataset. */
export const datasetTexts = defineOperation({
  name: 'dataset-texts',
  input: textsRequestSchema,
  output: textsSchema,
  session: true,
  async run({ id, of, from, most, split }, context) {
    const dataset = await datasetLines(id, context)
    if (of === 'queries' && split !== undefined)
      return queriesOfSplit(dataset, split, { from, most }, context)
    const index = await dataset.lines(of)
    const lines = await readLineRange(index, from, most)
    return {
      total: index.lines,
      rows: lines.map((line, place) => textRow({ row: from + place, ...parseTextRecord(line) })),
    }
  },
})

declare module '../operation' {
  interface Operations {
    'dataset-texts': typeof datasetTexts
  }
}

async function queriesOfSplit(
  dataset: DatasetLines,
  split: string,
  { from, most }: { readonly from: number; readonly most: number },
  context: OperationContext,
): Promise<z.infer<typeof textsSchema>> {
  const { record } = dataset
  const asked = await context.warm.split(`${record.id} ${record.sha256} ${split}`, () =>
    rowsOfSplit(dataset, split),
  )
  const index = await dataset.lines('queries')
  const rows = []
  for (const row of asked.subarray(from, from + most)) {
    const [line] = await readLineRange(index, row, 1)
    rows.push(textRow({ row, ...parseTextRecord(line) }))
  }
  return { total: asked.length, rows }
}

async function rowsOfSplit(dataset: DatasetLines, split: string): Promise<Int32Array> {
  const file = (await dataset.qrels()).get(split)
  if (!file) throw unknownSplit(dataset, split)
  const judged = new Set<string>()
  for await (const { judgments } of readJudgments(file))
    for (const judgment of judgments) if (judgment) judged.add(judgment.query)
  const rows: number[] = []
  for await (const { first, lines } of scanLines(await dataset.lines('queries')))
    lines.forEach((line, place) => {
      if (judged.has(lineId(line))) rows.push(first + place)
    })
  return Int32Array.from(rows)
}

function unknownSplit({ record }: DatasetLines, split: string): HydraError {
  return new HydraError('USAGE', {
    expected: `a split of ${record.id}: ${Object.keys(record.splits).join(', ')}`,
    got: JSON.stringify(split),
    remedy: 'Choose one of these, or look at all queries.',
  })
}
