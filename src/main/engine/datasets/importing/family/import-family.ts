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

/**
 * Imports every corpus of a family that is sound, as `<family>.<corpus>`, and gives back for each of the others why not. What the
 * family's SOURCE.json says holds for each corpus that does not say otherwise.
 */
export async function* importFamily(options: ImportBeirOptions): AsyncGenerator<FamilyMember> {
  const family = idOfSource(options.id ?? options.source)
  const source = await openFiles(options.source)
  try {
    const layout = familyLayout(source.files.keys())
    if (!layout) throw noFamily(options.source)
    const about = await aboutFamily(source, layout)
    for (const [place, corpus] of layout.corpora.entries()) {
      throwIfCancelled(options.signal)
      options.onProgress?.({
        phase: `import ${family}`,
        done: place,
        total: layout.corpora.length,
        unit: 'corpora',
      })
      yield { corpus, outcome: await importMember(corpus) }
    }
    options.onProgress?.({
      phase: `import ${family}`,
      done: layout.corpora.length,
      total: layout.corpora.length,
      unit: 'corpora',
    })

    async function importMember(corpus: string): Promise<DatasetRecord | HydraError> {
      const where = `${options.source}, ${layout!.root}${corpus}`
      try {
        const id = corpusId(family, corpus)
        const own = datasetOf(filesBelow(source, `${layout!.root}${corpus}/`), where)
        return await importSource(own, id, { ...options, onProgress: undefined }, { family, about })
      } catch (error) {
        if (error instanceof HydraError && !OURS.includes(error.code)) return error
        throw error
      }
    }
  } finally {
    source.close()
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
