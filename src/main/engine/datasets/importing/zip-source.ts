import { type DatasetSource, locateDataset, type SourceFile } from './dataset-layout'
import { asText } from './file-kinds'
import { openZip } from './zip-files'

/** A zip with one dataset. */
export async function zipSource(path: string): Promise<DatasetSource> {
  const zip = await openZip(path)
  try {
    const files = new Map<string, SourceFile>()
    for (const [part, name] of locateDataset(zip.files.keys(), path))
      files.set(part, asText(zip.files.get(name)!))
    return { files, close: zip.close }
  } catch (error) {
    zip.close()
    throw error
  }
}
