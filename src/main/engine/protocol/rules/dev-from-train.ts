import { counted, NO_OPTIONS, type TextRule } from '../rule'

export const devFromTrain: TextRule = {
  name: 'dev-from-train',
  title: 'Dev drawn from train',
  summary:
    'The collection has no dev split: the tenth of the train queries with the smallest sha1(id) became dev at import and left train. The same ones everywhere and for every seed.',
  citation: 'Dwork et al., The reusable holdout, Science 349, 2015',
  options: NO_OPTIONS,
  severity: 'note',
  remedy: 'Nothing; who trains on all of train elsewhere has a ninth more of it.',
  needs: 'texts',
  check({ record: { devFrom, splits } }) {
    if (devFrom !== 'train' || !splits.dev) return null
    const count = splits.dev.queries
    return { message: `${counted(count, 'train query', 'train queries')} became dev.`, count, examples: [] }
  },
}
