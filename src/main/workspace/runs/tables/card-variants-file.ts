import {
  type CardVariants,
  type CardVariantsRequest,
  cardVariantsSchema,
} from '../../../../shared/schemas/tables/card-variants'
import { readJsonIfThere, writeJsonAtomic } from '../../../files/atomic-write'
import { workspacePaths } from '../../paths'

export function writeCardVariants(workspace: string, variants: CardVariants): Promise<void> {
  const path = workspacePaths(workspace).run(variants.run).variants(variants.about, variants.examples)
  return writeJsonAtomic(path, cardVariantsSchema.parse(variants))
}

/** Null while the run has none of that many examples. */
export function readCardVariants(
  workspace: string,
  { run, about, examples }: CardVariantsRequest,
): Promise<CardVariants | null> {
  return readJsonIfThere(workspacePaths(workspace).run(run).variants(about, examples), cardVariantsSchema)
}
