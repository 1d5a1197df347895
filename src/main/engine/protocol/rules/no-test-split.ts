import { NO_OPTIONS, type TextRule } from '../rule'

export const noTestSplit: TextRule = {
  name: 'no-test-split',
  title: 'No test split',
  summary: 'There is no qrels/test.tsv, or nothing in it: nothing can be tested on this dataset.',
  citation: 'Voorhees and Harman, TREC: experiment and evaluation in information retrieval, 2005',
  options: NO_OPTIONS,
  severity: 'warning',
  remedy:
    'Add judgments that nothing is trained or chosen on, as qrels/test.tsv, and import again; the frozen encoder can be scored on dev queries.',
  needs: 'texts',
  check: ({ record: { splits } }) =>
    splits.test?.queries
      ? null
      : {
          message: `There is ${splits.test ? 'nothing in the' : 'no'} test split: nothing can be tested.`,
          count: 1,
          examples: [],
        },
}
