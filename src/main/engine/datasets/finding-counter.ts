import type { Finding } from '../../../shared/dataset'

/** What an import may notice: one entry per finding, in the order in which a report shows them. */
const findingKinds = {
  'no-test-split': {
    severity: 'warning',
    message: 'There is no qrels/test.tsv: nothing can be evaluated on this dataset.',
  },
  'unknown-documents': {
    severity: 'warning',
    message:
      'Judgments name documents that the corpus lacks. They stay in the ideal ranking, as in trec_eval, so no ranking reaches 1 on their queries.',
  },
  'empty-documents': {
    severity: 'warning',
    message: 'Documents without any text: they are encoded as nothing and found by chance only.',
  },
  'repeated-queries': {
    severity: 'warning',
    message:
      'Test queries whose text (letter case and spacing aside) is a train query too: a trained head has seen their answer.',
  },
  'query-is-document': {
    severity: 'warning',
    message:
      'Queries whose text is that of the document with the same id, which will rank first. If it should leave their ranking, put {"exclude": "same-id"} into SOURCE.json and import again.',
  },
  'own-documents': {
    severity: 'info',
    message: 'Queries whose own document is in the corpus: it leaves their ranking.',
  },
  'no-relevant-document': {
    severity: 'info',
    message: 'Judged test queries without a relevant document: no measure counts them.',
  },
  'no-train-split': {
    severity: 'info',
    message: 'There is no train split: the card has no examples, and no head can be trained on this dataset.',
  },
  'dev-from-train': {
    severity: 'info',
    message:
      'There is no dev split: the tenth of the train queries with the smallest sha1(id) became dev and left train.',
  },
} as const satisfies Record<string, Pick<Finding, 'severity' | 'message'>>

export type FindingCode = keyof typeof findingKinds

/** Counts findings while data streams by and keeps the first three of each as examples. */
export class FindingCounter {
  readonly #counted = new Map<FindingCode, { count: number; examples: string[] }>()

  add(code: FindingCode, example?: string): void {
    const entry = this.#counted.get(code) ?? { count: 0, examples: [] }
    entry.count++
    if (example !== undefined && entry.examples.length < 3) entry.examples.push(example)
    this.#counted.set(code, entry)
  }

  findings(): Finding[] {
    const codes = Object.keys(findingKinds) as FindingCode[]
    return codes.flatMap((code) => {
      const counted = this.#counted.get(code)
      return counted ? [{ code, ...findingKinds[code], ...counted }] : []
    })
  }
}
