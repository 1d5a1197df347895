import { HydraError, throwIfCancelled } from '../../../../../shared/errors'
import type { DatasetRecord } from '../../../../../shared/schemas/dataset'
import type { About } from '../beir-records'
import { corpusId, idOfSource } from '../dataset-id'
import { datasetOf, type SourceFiles } from '../dataset-layout'
import { openFiles } from '../dataset-source'
import { type ImportBeirOptions, importSource } from '../import-beir'
import { asText } from '../opening/file-kinds'
import { readAbout } from '../read-about'
import { type FamilyLayout, familyLayout } from './family-layout'

/** One corpus of a family, imported or refused. */
export interface FamilyMember {
  /** Its folder. */
  readonly corpus: string
  readonly outcome: DatasetRecord | HydraError
}

/** Faults that are not the corpus's: the import ends with them. */
const OURS: readonly string[] = ['CANCELLED', 'PAUSED', 'DISK_FULL', 'INTERNAL']

/** Whether a folder or zip holds several datasets beside one another; what cannot be opened holds none. */
export async function holdsFamily(path: string): Promise<boolean> {
  const source = await openFiles(path).catch(() => null)
  if (!source) return false
  source.close()
  return familyLayout(source.files.keys()) !== null
}

/** Imports every corpus of a family that is sound, as `<family>.<corpus>`, and gives back for each of the others why not. */
export async function* importFamily(options: ImportBeirOptions): AsyncGenerator<FamilyMember> {
  const family = idOfSource(options.id ?? options.source)
  const source = await openFiles(options.source)
  try {
    yield* importFamilyFiles(source, family, options)
  } finally {
    source.close()
  }
}

/**
 * The same of files that are open already. What the family's SOURCE.json says holds for each corpus that does not say
 * otherwise. @param about what holds where that file says nothing
 */
export async function* importFamilyFiles(
  source: SourceFiles,
  family: string,
  options: ImportBeirOptions,
  about: About = {},
): AsyncGenerator<FamilyMember> {
  const layout = familyLayout(source.files.keys())
  if (!layout) throw noFamily(options.source)
  const common = { ...about, ...(await aboutFamily(source, layout)) }
  const total = layout.corpora.length
  const tell = (done: number) =>
    options.onProgress?.({ phase: `import ${family}`, done, total, unit: 'corpora' })
  for (const [place, corpus] of layout.corpora.entries()) {
    throwIfCancelled(options.signal)
    tell(place)
    yield { corpus, outcome: await importMember(layout.root, corpus) }
  }
  tell(total)

  async function importMember(root: string, corpus: string): Promise<DatasetRecord | HydraError> {
    const where = `${options.source}, ${root}${corpus}`
    try {
      const id = corpusId(family, corpus)
      const own = datasetOf(filesBelow(source, `${root}${corpus}/`), where)
      return await importSource(own, id, { ...options, onProgress: undefined }, { family, about: common })
    } catch (error) {
      if (error instanceof HydraError && !OURS.includes(error.code)) return error
      throw error
    }
  }
}

async function aboutFamily(source: SourceFiles, { root }: FamilyLayout): Promise<About> {
  const file = source.files.get(`${root}SOURCE.json`)
  if (!file) return {}
  // A family's name is no corpus's title.
  const { title: _, name: __, ...about } = await readAbout(asText(file))
  return about
}

function filesBelow({ files }: SourceFiles, folder: string): SourceFiles {
  const below = [...files].flatMap(([path, file]) =>
    path.startsWith(folder) ? [[path.slice(folder.length), file] as const] : [],
  )
  return { files: new Map(below), close() {} }
}

function noFamily(source: string): HydraError {
  return new HydraError('DATASET_LAYOUT', {
    expected: 'a family: several datasets in BEIR layout, in folders beside one another',
    got: 'another layout',
    remedy: 'Put each corpus into a folder of its own, all of them into one.',
    where: source,
  })
}
