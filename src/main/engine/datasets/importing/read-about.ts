import { type About, aboutSchema } from './beir-records'
import type { SourceFile } from './dataset-layout'
import { readJsonFile } from './read-json-file'

/** What a source says of itself. @throws FILE_INVALID */
export async function readAbout(file: SourceFile): Promise<About> {
  return readJsonFile(file, (json) => aboutSchema.parse(json), {
    code: 'FILE_INVALID',
    expected: 'a JSON object that may say title, summary, licence, source, exclude and protocol',
    remedy: 'Correct the file or remove it; the dataset can be imported without.',
  })
}
