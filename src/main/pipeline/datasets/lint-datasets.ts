import { join } from 'node:path'
import { z } from 'zod'
import { throwIfCancelled } from '../../../shared/errors'
import { lintRequestSchema } from '../../../shared/schemas/lint'
import type { Encoder, TextRole } from '../../engine/encoders/encoder'
import { createMatrix, type Matrix } from '../../engine/numeric/matrix'
import { lintDataset } from '../../engine/protocol/lint-dataset'
import { loadSubject } from '../../engine/protocol/load-subject'
import type { DatasetFiles, LintSubject, LintTools } from '../../engine/protocol/rule'
import { writeLintReport } from '../../workspace/lint-report'
import { workspacePaths } from '../../workspace/paths'
import { defineOperation, type OperationContext } from '../operation'
import { progressMeter } from '../progress-meter'

/** Every rule on each dataset, or those that need no vectors; what is not in the vector cache is encoded. */
export const lintDatasets = defineOperation({
  name: 'lint-datasets',
  input: lintRequestSchema,
  output: z.strictObject({ datasets: z.array(z.string()) }),
  session: false,
  async run({ datasets, quick, encoder: id, seed }, context) {
    const encoder = quick ? null : await context.openEncoder(id)
    try {
      for (const dataset of datasets) {
        throwIfCancelled(context.signal)
        const folder = workspacePaths(context.workspace).dataset(dataset)
        const templates = join(context.appRoot, 'resources', 'cards')
        const subject = await loadSubject(folder, templates, seed, context.signal)
        const tools = encoder && 'collection' in subject ? lintTools(subject, encoder, context) : null
        await lintOne({ dataset, subject, tools, seed }, context)
      }
    } finally {
      await encoder?.dispose()
    }
    return { datasets }
  },
})

declare module '../operation' {
  interface Operations {
    'lint-datasets': typeof lintDatasets
  }
}

async function lintOne(
  options: {
    readonly dataset: string
    readonly subject: LintSubject | DatasetFiles
    readonly tools: LintTools | null
    readonly seed: number
  },
  context: OperationContext,
): Promise<void> {
  const { dataset, subject, tools, seed } = options
  const meter = progressMeter({
    phase: `lint ${dataset}`,
    unit: 'rules',
    emit: context.emit,
    now: context.now,
  })
  const { findings, checked, skipped } = await lintDataset(subject, tools, meter)
  await writeLintReport(context.workspace, {
    version: 1,
    dataset,
    sha256: subject.record.sha256,
    createdAt: context.now().toISOString(),
    seed,
    encoder: tools?.encoder ?? null,
    findings: findings.map((finding) => ({ ...finding, dataset })),
    checked: [...checked],
    skipped: [...skipped],
  })
}

/** Vectors of a collection as the rules ask for them. */
function lintTools({ collection }: LintSubject, encoder: Encoder, context: OperationContext): LintTools {
  const { signal, emit, now } = context
  const encode = (role: TextRole, what: string, texts: readonly string[]) => {
    const phase = `encode ${texts.length.toLocaleString('en')} ${what} of ${collection.id}`
    return encoder.encode(texts, {
      role,
      signal,
      onProgress: progressMeter({ phase, unit: 'texts', emit, now }),
    })
  }
  let documents: Promise<Matrix> | undefined
  const known = new Map<number, Float32Array>()
  return {
    encoder: encoder.id,
    signal,
    documents() {
      documents ??= encode('document', 'documents', [...collection.documents.texts])
      return documents
    },
    async queries(rows) {
      const missing = [...new Set(Array.from(rows))].filter((query) => !known.has(query))
      if (missing.length > 0) {
        const texts = missing.map((query) => collection.queries.texts[query])
        const { columns, data } = await encode('query', 'queries', texts)
        missing.forEach((query, i) => {
          known.set(query, data.subarray(i * columns, (i + 1) * columns))
        })
      }
      const vectors = createMatrix(rows.length, encoder.dimensions)
      Array.from(rows).forEach((query, i) => {
        vectors.data.set(known.get(query)!, i * encoder.dimensions)
      })
      return vectors
    },
  }
}
