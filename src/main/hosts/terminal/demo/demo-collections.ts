import type { TrainRequest } from '../../../../shared/schemas/run'

/** A published collection that the demo can be given: what is fetched, what is asked of it, and how its verdict is read. */
export interface DemoCollection {
  readonly name: string
  readonly about: string
  /** Names of the sources that it needs; one that is imported already is taken as it is. */
  readonly sources: readonly string[]
  readonly request: TrainRequest
  /** `corpora`: held-out ones, each counting once. `tasks`: each trained task apart. */
  readonly table: 'corpora' | 'tasks'
}

export const DEMO_COLLECTIONS: readonly DemoCollection[] = [
  {
    name: 'openapi-operations',
    about: 'a quarter of 110 web APIs held out: corpora that were never trained',
    sources: ['openapi-operations'],
    request: {
      tasks: ['openapi-operations.*'],
      unseen: 0.25,
      holdOut: 'corpora',
      preset: 'corpora',
      // On which it is chosen what the others are handed: one family alone would spare none unasked.
      ruleClusters: 20,
    },
    table: 'corpora',
  },
  {
    name: 'beir',
    about: 'SciFact, NFCorpus and FiQA, taught by BM25 and dense: the original’s smallest experiment',
    sources: ['beir/scifact', 'beir/nfcorpus', 'beir/fiqa'],
    request: {
      tasks: ['scifact', 'nfcorpus', 'fiqa'],
      preset: 'original',
      // Without the cross-encoder, which would read documents for half an hour.
      overrides: {
        teacher: {
          name: 'fusion',
          options: { of: ['bm25', 'dense'], weights: [1, 1], memberOptions: {} },
        },
      },
    },
    table: 'tasks',
  },
]
