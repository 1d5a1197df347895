import type { JobRecord } from '../schemas/job'

/** Jobs that add a file to a run that is done: what happens in them is no part of its story. */
export const BESIDE_JOBS: readonly JobRecord['kind'][] = ['matrix', 'table']
