import { type GeneratedQueries, generatedQueriesSchema } from '../../shared/schemas/generated-queries'
import { readJson, writeJsonAtomic } from '../files/atomic-write'

/** @param file of a dataset or of a run (`workspacePaths`) */
export function writeGeneratedQueries(file: string, generated: GeneratedQueries): Promise<void> {
  return writeJsonAtomic(file, generatedQueriesSchema.parse(generated))
}

export function readGeneratedQueries(file: string): Promise<GeneratedQueries> {
  return readJson(file, generatedQueriesSchema)
}
