import { HEADER, jsonl, writeFolder } from './engine/datasets/small-dataset'

export const TREES = [
  'oak',
  'ash',
  'elm',
  'fir',
  'yew',
  'birch',
  'cedar',
  'maple',
  'willow',
  'larch',
] as const
const SEASONS = ['spring', 'summer', 'autumn', 'winter']

/**
 * A BEIR folder of ten documents and forty queries that name theirs, ten in each split but train, which has twenty.
 * @param uses what the documents say that the wood is good for
 */
export function writeTrees(folder: string, uses = 'many uses'): string {
  const judgments = (seasons: string[]) =>
    HEADER + seasons.flatMap((season) => TREES.map((tree) => `${tree}-${season}\t${tree}\t1\n`)).join('')
  return writeFolder(folder, {
    'corpus.jsonl': jsonl(
      TREES.map((tree) => ({ _id: tree, text: `The ${tree} is a tree; its wood has ${uses}.` })),
    ),
    'queries.jsonl': jsonl(
      SEASONS.flatMap((season) =>
        TREES.map((tree) => ({ _id: `${tree}-${season}`, text: `leaves of the ${tree} in ${season}` })),
      ),
    ),
    'qrels/train.tsv': judgments(['spring', 'summer']),
    'qrels/dev.tsv': judgments(['autumn']),
    'qrels/test.tsv': judgments(['winter']),
  })
}
