import { comparisonRequestSchema, comparisonSchema } from '../../../shared/schemas/comparison'
import { defineOperation } from '../operation'
import { compareTables, openTables } from './compare-tables'

export const compareRuns = defineOperation({
  name: 'compare-runs',
  input: comparisonRequestSchema,
  output: comparisonSchema,
  session: true,
  async run(request, { workspace }) {
    return compareTables(await openTables(workspace, request), request)
  },
})

declare module '../operation' {
  interface Operations {
    'compare-runs': typeof compareRuns
  }
}
