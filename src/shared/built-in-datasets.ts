/** Collections that the workbench builds itself from the WordNet that it ships with, and imports by name. */
export const BUILT_IN_DATASETS = [
  {
    id: 'wordnet-finds',
    about: '414 tasks over 20,000 documents, enough of them to judge cards that were never trained',
  },
  {
    id: 'wordnet-relations',
    about: '12 tasks over the same 9,000 documents, each with its own meaning of relevant',
  },
] as const
export type BuiltInDataset = (typeof BUILT_IN_DATASETS)[number]['id']
