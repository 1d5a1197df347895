import { HydraError } from '../../../shared/errors'
import {
  type TaskMatrix,
  type TaskMatrixRequest,
  taskMatrixSchema,
} from '../../../shared/schemas/task-matrix'
import { readJson, writeJsonAtomic } from '../../files/atomic-write'
import { workspacePaths } from '../paths'

export function writeTaskMatrix(workspace: string, matrix: TaskMatrix): Promise<void> {
  const path = workspacePaths(workspace).run(matrix.run).matrix(matrix.examples)
  return writeJsonAtomic(path, taskMatrixSchema.parse(matrix))
}

/** Null while the run has none of that many examples. */
export async function readTaskMatrix(
  workspace: string,
  { run, examples }: TaskMatrixRequest,
): Promise<TaskMatrix | null> {
  try {
    return await readJson(workspacePaths(workspace).run(run).matrix(examples), taskMatrixSchema)
  } catch (error) {
    if (error instanceof HydraError && error.code === 'FILE_MISSING') return null
    throw error
  }
}
