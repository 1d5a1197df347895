import { readJudgments } from '../datasets/importing/beir-records'
import type { DatasetSource } from '../datasets/importing/dataset-layout'

/** A judgment that names what is not there. */
interface DanglingJudgment {
  readonly id: string
  /** Line of the dataset: `qrels/test.tsv:5`. */
  readonly where: string
}

export interface DanglingJudgments {
  readonly queries: readonly DanglingJudgment[]
  readonly documents: readonly DanglingJudgment[]
}

/** Every judgment whose query or document the dataset lacks, in order of file and line. */
export async function findDangling(
  source: DatasetSource,
  queryIds: ReadonlySet<string>,
  documentIds: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<DanglingJudgments> {
  const queries: DanglingJudgment[] = []
  const documents: DanglingJudgment[] = []
  const parts = [...source.files.keys()].filter((part) => part.startsWith('qrels/')).sort()
  for (const part of parts) {
    for await (const { first, judgments } of readJudgments(source.files.get(part)!, signal)) {
      judgments.forEach((judgment, i) => {
        if (!judgment) return
        const where = `${part}:${first + i}`
        if (!queryIds.has(judgment.query)) queries.push({ id: judgment.query, where })
        if (!documentIds.has(judgment.document)) documents.push({ id: judgment.document, where })
      })
    }
  }
  return { queries, documents }
}
