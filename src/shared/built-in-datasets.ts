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
  {
    id: 'wordnet-relates',
    about: '2,180 tasks over 40,000 documents, each a relation and a category: whether cards compose',
  },
] as const
export type BuiltInDataset = (typeof BUILT_IN_DATASETS)[number]['id']

export function isBuiltIn(name: string): name is BuiltInDataset {
  return BUILT_IN_DATASETS.some(({ id }) => id === name)
}
