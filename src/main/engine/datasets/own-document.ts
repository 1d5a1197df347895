import type { ExcludeRule } from '../../../shared/schemas/dataset'

/** Id of the document that must leave the ranking of a query, if the corpus has it; null where no rule applies. */
export function ownDocumentId(rule: ExcludeRule, queryId: string): string | null {
  switch (rule) {
    case 'none':
      return null
    case 'same-id':
      return queryId
    case 'paper': {
      const dash = queryId.lastIndexOf('-')
      return dash > 0 ? queryId.slice(0, dash) : null
    }
  }
}
