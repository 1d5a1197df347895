import type { OperationTable } from '../serve-operations'
import { applyHeadFile } from './apply-head'
import { audit } from './audit'
import { demo } from './demo'
import { evaluate } from './evaluate'
import { exportHead } from './export-head'
import { importDataset } from './import-dataset'
import { search } from './search'
import { train } from './train'
import { trainArm } from './train-arm'
import { createWarmEngine } from './warm-engine'

/** Every operation of an engine process. What the quick ones keep warm lives as long as the process. */
function createOperations(): OperationTable {
  const warm = createWarmEngine()
  return {
    'import-dataset': importDataset,
    train,
    'train-arm': trainArm,
    demo,
    evaluate,
    audit,
    search: (request, context) => search(request, context, warm),
    'export-head': (request, context) => exportHead(request, context, warm),
    'apply-head': (request, context) => applyHeadFile(request, context, warm),
  }
}

export const operations: OperationTable = createOperations()
