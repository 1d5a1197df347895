import { rm } from 'node:fs/promises'
import { z } from 'zod'
import { importRequestSchema } from '../../../shared/schemas/dataset'
import { importFamily as importCorpora } from '../../engine/datasets/importing/family/import-family'
import { defineOperation } from '../operation'
import { progressMeter } from '../progress-meter'
import { importMembers } from './import-members'
import { uploadOf } from './uploaded-source'

/** Imports the sound corpora of a family; each of the others is told of with its error, and fails the import only where none is sound. */
export const importFamily = defineOperation({
  name: 'import-family',
  input: importRequestSchema.pick({ source: true, id: true, replace: true, seed: true, split: true }),
  output: z.strictObject({ imported: z.array(z.string()), refused: z.array(z.string()) }),
  session: false,
  async run({ source, id, replace, seed, split }, context) {
    const { workspace, now, signal, emit } = context
    const upload = uploadOf(source, workspace)
    let meter: ReturnType<typeof progressMeter> | null = null
    const members = importCorpora({
      source,
      id,
      replace,
      split,
      workspace,
      now,
      signal,
      onProgress({ phase, done, total, unit }) {
        meter ??= progressMeter({ phase, unit, emit, now })
        meter(done, total)
      },
    })
    try {
      return await importMembers(members, seed, context)
    } finally {
      if (upload) await rm(upload.folder, { recursive: true, force: true })
    }
  },
})

declare module '../operation' {
  interface Operations {
    'import-family': typeof importFamily
  }
}
