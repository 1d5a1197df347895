import { NO_OPTIONS, type TextRule } from '../rule'

export const noDevSplit: TextRule = {
  name: 'no-dev-split',
  title: 'Nothing to choose on',
  summary:
    'There is a train split and no dev split, nor was train large enough to draw one from: weights, lengths and guards that are chosen on dev cannot be chosen.',
  citation: 'Hastie, Tibshirani and Friedman, The elements of statistical learning, chapter 7, 2009',
  options: NO_OPTIONS,
  severity: 'warning',
  remedy: 'Add qrels/dev.tsv with some of the train queries, and import again.',
  needs: 'texts',
  check: ({ record: { splits } }) =>
    !splits.train?.queries || splits.dev?.queries
      ? null
      : {
          message: splits.dev
            ? 'There is nothing in the dev split.'
            : 'There is no dev split, and train is too small to draw one from.',
          count: 1,
          examples: [],
        },
}
