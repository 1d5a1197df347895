import { isUsedSplit } from '../../datasets/importing/split-names'
import { evidence, NO_OPTIONS, type TextRule } from '../rule'

export const unusedSplit: TextRule = {
  name: 'unused-split',
  title: 'A split that nothing is done with',
  summary:
    'There are judgments in a split that is neither train, dev nor test, nor a part of one (`test-supports`): they are kept and looked at by nothing.',
  citation: 'Hastie, Tibshirani and Friedman, The elements of statistical learning, chapter 7, 2009',
  options: NO_OPTIONS,
  severity: 'note',
  remedy:
    'If something should be chosen or tested on it, call its file qrels/train.tsv, qrels/dev.tsv or qrels/test.tsv and import again.',
  needs: 'texts',
  check: ({ record: { splits } }) =>
    evidence(
      Object.keys(splits).filter((name) => !isUsedSplit(name)),
      (count) => (count === 1 ? 'A split is used for nothing.' : `${count} splits are used for nothing.`),
    ),
}
