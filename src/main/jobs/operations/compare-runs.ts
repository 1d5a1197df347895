import type { Operation } from '../operation'
import { compareTables, openTables } from './compared-runs'

export const compareRuns: Operation<'compare-runs'> = async (request, { workspace }) =>
  compareTables(await openTables(workspace, request), request)
