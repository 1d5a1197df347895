import { counted, evidence, type FileRule, NO_OPTIONS } from '../rule'

/** An import refuses such a dataset; this finds one whose files were changed since. */
export const unknownQueries: FileRule = {
  name: 'unknown-queries',
  title: 'Judged queries that are missing',
  summary:
    'Judgments name queries that queries.jsonl lacks. The dataset cannot be used; no other rule can look at it.',
  citation: 'Buckley, trec_eval (NIST): a run is scored on the queries that the judgments know',
  options: NO_OPTIONS,
  severity: 'error',
  remedy:
    'Delete the dataset, put the queries into queries.jsonl or take their judgments out, and import it again.',
  needs: 'files',
  check: ({ dangling }) =>
    evidence(
      dangling.queries.map(({ id, where }) => `${id} (${where})`),
      (count) => `${counted(count, 'judgment names', 'judgments name')} a query that is not there.`,
    ),
}
