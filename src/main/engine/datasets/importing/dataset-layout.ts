import { HydraError } from '../../../../shared/errors'
import { asText, PARQUET } from './opening/file-kinds'

export interface SourceFile {
  /** The file as errors name it. */
  readonly where: string
  readonly bytes: number
  open(): Promise<AsyncIterable<Buffer>>
}

/** All files of a folder or zip, by their path in it, separated by `/`. */
export interface SourceFiles {
  readonly files: ReadonlyMap<string, SourceFile>
  close(): void
}

/** The files of one BEIR dataset by their path in it (`corpus.jsonl`, `qrels/test.tsv`), wherever they lie. */
export interface DatasetSource {
  readonly files: ReadonlyMap<string, SourceFile>
  close(): void
}

/** Files of the layout that an import may read; each may be gzipped. */
export const PART =
  /^(corpus\.jsonl|queries\.jsonl|cards\.jsonl|card\.json|SOURCE\.json|dataset\.json|qrels\/[^/]+\.tsv)(\.gz)?$/
/** Folders above the dataset, at most. */
export const DEEPEST = 3

/** The one dataset of a folder or zip. @param where it lies, for errors */
export function datasetOf({ files, close }: SourceFiles, where: string): DatasetSource {
  const parts = [...locateDataset(files.keys(), where)].map(
    ([part, path]) => [part, asText(files.get(path)!)] as const,
  )
  return { files: new Map(parts), close }
}

const CORPUS = /^((?:[^/]+\/)*)corpus\.jsonl(\.gz)?$/
/** Names that an error lists. */
const NAMED = 5

/**
 * Picks the one dataset out of all paths of a source (separated by `/`): keys are paths in the dataset, values paths in the
 * source. The dataset stands at the top or in one folder, or else in up to three folders one in the other; system files
 * beside it do not matter. Of a file that is there plain and gzipped the plain one is taken.
 */
function locateDataset(paths: Iterable<string>, source: string): Map<string, string> {
  const visible = visiblePaths(paths)
  const root = theRoot(visible, source)
  const parts = new Map<string, string>()
  for (const path of visible.toSorted((a, b) => a.length - b.length)) {
    const part = path.startsWith(root) ? PART.exec(path.slice(root.length))?.[1] : undefined
    if (part !== undefined && !parts.has(part)) parts.set(part, path)
  }
  const missing = [
    ...(parts.has('queries.jsonl') ? [] : ['queries.jsonl']),
    ...([...parts.keys()].some((part) => part.startsWith('qrels/')) ? [] : ['qrels/<split>.tsv']),
  ]
  if (missing.length > 0) {
    throw new HydraError('DATASET_LAYOUT', {
      expected: 'corpus.jsonl, queries.jsonl and at least one qrels/<split>.tsv',
      got: `no ${missing.join(' and no ')}${beside(visible.filter((path) => path.startsWith(root)))}`,
      remedy: remedyFor(visible) ?? 'Add what is missing beside corpus.jsonl.',
      where: source,
    })
  }
  return parts
}

/** Without what systems put beside people's files. */
export function visiblePaths(paths: Iterable<string>): string[] {
  return [...paths].filter((path) =>
    path.split('/').every((part) => !part.startsWith('.') && part !== '__MACOSX'),
  )
}

/** Every folder with a corpus, `` or with its closing slash: at the top or one deep, else at most three deep. */
export function corpusFolders(visible: readonly string[]): string[] {
  const found = [...new Set(visible.flatMap((path) => CORPUS.exec(path)?.[1] ?? []))]
  const depth = (root: string) => root.split('/').length - 1
  const usual = found.filter((root) => depth(root) <= 1)
  return usual.length > 0 ? usual : found.filter((root) => depth(root) <= DEEPEST)
}

function theRoot(visible: readonly string[], source: string): string {
  const roots = corpusFolders(visible)
  if (roots.length === 1) return roots[0]
  const deep = visible.find((path) => CORPUS.test(path))
  if (roots.length === 0 && deep !== undefined) {
    const folder = deep.slice(0, deep.lastIndexOf('/'))
    throw new HydraError('DATASET_LAYOUT', {
      expected: `corpus.jsonl at most ${DEEPEST} folders deep`,
      got: deep,
      remedy: `Import ${folder} itself: unpacked, where it lies in a zip.`,
      where: source,
    })
  }
  throw new HydraError('DATASET_LAYOUT', {
    expected: 'one corpus.jsonl, at the top or in a folder',
    got:
      roots.length === 0
        ? `none${beside(visible)}`
        : `${roots.length}: in ${roots.map((root) => root || 'the top').join(', ')}`,
    remedy:
      roots.length === 0
        ? (remedyFor(visible) ??
          'A dataset in BEIR layout has corpus.jsonl, queries.jsonl and qrels/<split>.tsv, each possibly gzipped.')
        : 'Import each dataset from a folder or zip of its own, or all as a family: in folders beside one another, none within another.',
    where: source,
  })
}

/** What is there instead. */
function beside(paths: readonly string[]): string {
  const others = paths.filter((path) => !path.endsWith('/') && !CORPUS.test(path))
  if (others.length === 0) return ''
  const parquet = others.some((path) => path.endsWith('.parquet')) ? `, but ${PARQUET.name}` : ''
  const more = others.length > NAMED ? ` and ${others.length - NAMED} more` : ''
  return `${parquet}; there are ${others.slice(0, NAMED).join(', ')}${more}`
}

/** What to do with files of which it is known what they are. */
function remedyFor(paths: readonly string[]): string | undefined {
  if (paths.some((path) => path.endsWith('.parquet'))) return PARQUET.remedy
  const archive = paths.find((path) => /\.(zip|tar|tgz|7z|rar|tar\.[a-z0-9]+)$/i.test(path))
  return archive && `Unpack ${archive} and import the folder that comes out of it.`
}
