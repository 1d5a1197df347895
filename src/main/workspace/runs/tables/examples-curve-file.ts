import { type ExamplesCurve, examplesCurveSchema } from '../../../../shared/schemas/tables/examples-curve'
import { readJsonIfThere, writeJsonAtomic } from '../../../files/atomic-write'
import { workspacePaths } from '../../paths'

export function writeExamplesCurve(workspace: string, curve: ExamplesCurve): Promise<void> {
  const path = workspacePaths(workspace).run(curve.run).examplesCurve
  return writeJsonAtomic(path, examplesCurveSchema.parse(curve))
}

/** Null while the run has none. */
export function readExamplesCurve(workspace: string, run: string): Promise<ExamplesCurve | null> {
  return readJsonIfThere(workspacePaths(workspace).run(run).examplesCurve, examplesCurveSchema)
}
