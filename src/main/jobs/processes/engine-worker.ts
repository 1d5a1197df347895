import { operations } from '../../pipeline/operations'
import { createWarmEngine } from '../../pipeline/playground/warm-engine'
import { operationContext } from './operation-context'
import { serveOperations } from './serve-operations'

const warm = createWarmEngine()
serveOperations(
  operations,
  (request) => operationContext(request, warm),
  (request) => warm.release(request),
)
