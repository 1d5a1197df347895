import { NO_OPTIONS, type TextRule } from '../rule'

export const hashedSplits: TextRule = {
  name: 'hashed-splits',
  title: 'Splits hashed at import',
  summary:
    'The collection brought no train split, and its judged queries were hashed into train, dev and test on request, in order of sha1(id): the same ones everywhere and for every seed, but others than those that published figures are over.',
  citation: 'Dwork et al., The reusable holdout, Science 349, 2015',
  options: NO_OPTIONS,
  severity: 'warning',
  remedy: 'Compare with nothing that was published; what stands in one table here has the same queries.',
  needs: 'texts',
  check({ record: { hashed, splits } }) {
    if (!hashed) return null
    const { train, dev, test } = hashed
    const count = ['train', 'dev', 'test'].reduce((sum, name) => sum + (splits[name]?.queries ?? 0), 0)
    const message = `All ${count} judged queries were hashed ${train}/${dev}/${test} into train, dev and test.`
    return { message, count, examples: [] }
  },
}
