import {
  type TaskMatrix,
  type TaskMatrixRequest,
  taskMatrixSchema,
} from '../../../../shared/schemas/tables/task-matrix'
import { readJsonIfThere, writeJsonAtomic } from '../../../files/atomic-write'
import { workspacePaths } from '../../paths'

export function writeTaskMatrix(workspace: string, matrix: TaskMatrix): Promise<void> {
  const path = workspacePaths(workspace).run(matrix.run).matrix(matrix.examples)
  return writeJsonAtomic(path, taskMatrixSchema.parse(matrix))
}

/** Null while the run has none of that many examples. */
export function readTaskMatrix(
  workspace: string,
  { run, examples }: TaskMatrixRequest,
): Promise<TaskMatrix | null> {
  return readJsonIfThere(workspacePaths(workspace).run(run).matrix(examples), taskMatrixSchema)
}
