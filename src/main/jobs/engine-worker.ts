import { operationContext } from './operation-context'
import { operations } from './operations/index'
import { serveOperations } from './serve-operations'

serveOperations(operations, operationContext)
