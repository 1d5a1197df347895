import type { WeightsDtype } from '../model-name'

/** transformers.js finds a graph's file by the ending that the weights' kind has. */
const DTYPES = { int8: 'q8', fp32: 'fp32', fp16: 'fp16' } as const

/** How transformers.js opens a graph here: from the model's own folder and nowhere else, on one thread of this process. */
export function graphOptions({ dtype, subfolder }: { dtype: WeightsDtype; subfolder: string }) {
  return {
    local_files_only: true,
    dtype: DTYPES[dtype],
    device: 'cpu' as const,
    subfolder,
    session_options: {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: 'sequential' as const,
      logSeverityLevel: 3 as const,
    },
  }
}
