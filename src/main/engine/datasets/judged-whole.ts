import { type Judgments, NO_JUDGMENTS, type Task } from './collection'
import { JudgmentTable } from './judgment-table'

/** What a run and its verdict say of it. */
export const JUDGED_WHOLE =
  'Corpora that were held out whole are judged on all of their judged queries (train, dev and test), since none of these trained; trained ones on their test queries.'

/**
 * A task of a corpus that was held out whole: all its judged queries judge, since none trained. Where a card shows examples, these
 * leave the queries, and their documents the candidates.
 */
export function judgedWhole(task: Task): Task {
  const { collection, train, dev, test } = task
  return {
    ...task,
    collection: { ...collection, protocol: { ...collection.protocol, hideShown: true } },
    test: merged([train, dev, test]),
  }
}

/** The same of a corpus that was left out of training to choose on: all its judged queries choose. */
export function choosesWhole(task: Task): Task {
  const whole = judgedWhole(task)
  return { ...whole, dev: whole.test }
}

/** All judgments of some splits. */
function merged(splits: readonly Judgments[]): Judgments {
  const table = new JudgmentTable()
  const seen = new Set<string>()
  for (const { queries, offsets, documents, grades } of splits) {
    for (let i = 0; i < queries.length; i++) {
      for (let j = offsets[i]; j < offsets[i + 1]; j++) {
        // Unknown documents are all −1, and each of them counts.
        const pair = `${queries[i]} ${documents[j]}`
        if (documents[j] >= 0 && seen.has(pair)) continue
        seen.add(pair)
        table.add(0, queries[i], documents[j], grades[j])
      }
    }
  }
  const [packed] = table.pack()
  return packed ? packed[1] : NO_JUDGMENTS
}
