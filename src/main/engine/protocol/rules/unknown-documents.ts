import { counted, evidence, type FileRule, NO_OPTIONS } from '../rule'

export const unknownDocuments: FileRule = {
  name: 'unknown-documents',
  title: 'Judged documents that are missing',
  summary:
    'Judgments name documents that corpus.jsonl lacks. They stay in the ideal ranking, as in trec_eval, so no ranking reaches 1 on their queries.',
  citation: 'Thakur et al., BEIR: a heterogeneous benchmark for zero-shot evaluation, NeurIPS 2021',
  options: NO_OPTIONS,
  severity: 'warning',
  remedy:
    'Leave them if others score this collection so too; else add the documents or take the judgments out.',
  needs: 'files',
  check: ({ dangling }) =>
    evidence(
      dangling.documents.map(({ id, where }) => `${id} (${where})`),
      (count) => `${counted(count, 'judgment names', 'judgments name')} a document that the corpus lacks.`,
    ),
}
