import { HydraError } from '../../../../shared/errors'

export function duplicateId(kind: string, id: string, where: string): HydraError {
  return new HydraError('DATASET_DUPLICATE_ID', {
    expected: `each ${kind} id once`,
    got: `"${id}" again`,
    remedy: 'Remove or rename one of the two.',
    where,
  })
}

export function emptyFile(expected: string, got: string, where: string): HydraError {
  return new HydraError('DATASET_EMPTY', { expected, got, remedy: 'Check that the file is complete.', where })
}
