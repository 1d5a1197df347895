import { HydraError } from '../../../../shared/errors'

export interface SourceFile {
  /** The file as errors name it. */
  readonly where: string
  readonly bytes: number
  open(): Promise<AsyncIterable<Buffer>>
}

/** The files of one BEIR dataset by their path in it (`corpus.jsonl`, `qrels/test.tsv`), wherever they lie. */
export interface DatasetSource {
  readonly files: ReadonlyMap<string, SourceFile>
  close(): void
}

/** Files of the layout that an import may read. */
const PART = /^(?:corpus\.jsonl|queries\.jsonl|cards\.jsonl|SOURCE\.json|dataset\.json|qrels\/[^/]+\.tsv)$/

/**
 * Picks the one dataset out of all paths of a source (separated by `/`): keys are paths in the dataset, values paths in the
 * source. The dataset stands at the top or in one folder; system files beside it do not matter.
 */
export function locateDataset(paths: Iterable<string>, source: string): Map<string, string> {
  const visible = [...paths].filter((path) =>
    path.split('/').every((part) => !part.startsWith('.') && part !== '__MACOSX'),
  )
  const roots = visible
    .filter((path) => /^(?:[^/]+\/)?corpus\.jsonl$/.test(path))
    .map((path) => path.slice(0, -'corpus.jsonl'.length))
  if (roots.length !== 1) {
    throw new HydraError('DATASET_LAYOUT', {
      expected: 'one corpus.jsonl, at the top or in one folder',
      got:
        roots.length === 0
          ? 'none'
          : `${roots.length}: in ${roots.map((root) => root || 'the top').join(', ')}`,
      remedy:
        roots.length === 0
          ? 'A dataset in BEIR layout has corpus.jsonl, queries.jsonl and qrels/<split>.tsv.'
          : 'Import each dataset from a folder or zip of its own.',
      where: source,
    })
  }
  const [root] = roots
  const parts = new Map<string, string>()
  for (const path of visible) {
    if (path.startsWith(root) && PART.test(path.slice(root.length))) parts.set(path.slice(root.length), path)
  }
  const missing = [
    ...(parts.has('queries.jsonl') ? [] : ['queries.jsonl']),
    ...([...parts.keys()].some((part) => part.startsWith('qrels/')) ? [] : ['qrels/<split>.tsv']),
  ]
  if (missing.length > 0) {
    throw new HydraError('DATASET_LAYOUT', {
      expected: 'corpus.jsonl, queries.jsonl and at least one qrels/<split>.tsv',
      got: `no ${missing.join(' and no ')}`,
      remedy: 'Add what is missing beside corpus.jsonl.',
      where: source,
    })
  }
  return parts
}
