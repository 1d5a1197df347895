import { NO_OPTIONS, type TextRule } from '../rule'

export const noTrainSplit: TextRule = {
  name: 'no-train-split',
  title: 'No train split',
  summary:
    'There is no train split: the card has no examples but those that a person writes, and no head can be trained on this dataset.',
  citation: 'Thakur et al., BEIR: a heterogeneous benchmark for zero-shot evaluation, NeurIPS 2021',
  options: NO_OPTIONS,
  severity: 'note',
  remedy: 'Use it to test what was trained elsewhere, or write a card with examples.',
  needs: 'texts',
  check: ({ record: { splits } }) =>
    splits.train?.queries
      ? null
      : {
          message: `There is ${splits.train ? 'nothing in the' : 'no'} train split.`,
          count: 1,
          examples: [],
        },
}
