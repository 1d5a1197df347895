import type { OperationTable } from '../serve-operations'
import { addModelFiles } from './add-model'
import { applyHeadFile } from './apply-head'
import { audit } from './audit'
import { compareRuns } from './compare-runs'
import { demo } from './demo'
import { evaluate } from './evaluate'
import { explainDocument } from './explain-document'
import { exportHead } from './export-head'
import { importDataset } from './import-dataset'
import { importRun } from './import-run'
import { lintDatasets } from './lint-datasets'
import { playgroundTask, rankPlayground } from './rank-playground'
import { search } from './search'
import { train } from './train'
import { trainArm } from './train-arm'
import { createWarmEngine } from './warm-engine'
import { writeReport } from './write-report'

/** Every operation of an engine process. What the quick ones keep warm lives as long as the process. */
function createOperations(): OperationTable {
  const warm = createWarmEngine()
  return {
    'import-dataset': importDataset,
    'lint-datasets': lintDatasets,
    train,
    'train-arm': trainArm,
    demo,
    evaluate,
    audit,
    'add-model': addModelFiles,
    'compare-runs': compareRuns,
    'import-run': importRun,
    'write-report': writeReport,
    search: (request, context) => search(request, context, warm),
    'playground-rank': (request, context) => rankPlayground(request, context, warm),
    'playground-explain': (request, context) => explainDocument(request, context, warm),
    'playground-task': (request, context) => playgroundTask(request, context, warm),
    'export-head': (request, context) => exportHead(request, context, warm),
    'apply-head': (request, context) => applyHeadFile(request, context, warm),
  }
}

export const operations: OperationTable = createOperations()
