import { join, resolve } from 'node:path'
import { z } from 'zod'
import { compilerRequestSchema, exportedSchema } from '../../../shared/schemas/exporting/exported-head'
import { writeCompiler } from '../../engine/exporting/compiler/write-compiler'
import { compilerExporters } from '../../engine/exporting/formats'
import { findSpec, parseOptions } from '../../engine/registry/registry'
import { workspacePaths } from '../../workspace/paths'
import { defineOperation } from '../operation'
import { compilerMaterial } from './compiler-material'
import { writeExportFolder } from './land-export'

/** Writes what makes a run's heads in a format of the registry, proved by running what was written. */
export const exportCompiler = defineOperation({
  name: 'export-compiler',
  /** The version is the workbench's, for the certificate. */
  input: compilerRequestSchema.extend({ version: z.string() }),
  output: exportedSchema,
  session: true,
  async run({ run, format: name, options: said, handOut, out, version }, context) {
    const format = findSpec('exporter', compilerExporters, name)
    const options = parseOptions('exporter', format, said)
    const material = await compilerMaterial({ run, handOut }, context)
    const plan = await format.create(material, options)
    const about = { version, now: context.now(), signal: context.signal }
    const place = out ? resolve(out) : workspacePaths(context.workspace).run(run).exports
    const { certificate, ...written } = await writeExportFolder(
      join(place, `${run}-${format.name}`),
      plan.main,
      (folder) => writeCompiler(material, { format, plan }, about, folder),
    )
    const { withExamples, withoutExamples } = material.parts.handedOut
    const { parts } = certificate
    return {
      ...written,
      parity: Math.max(...parts.map(({ difference }) => difference)),
      handedOut: `A card with examples: ${withExamples.words} A card without: ${withoutExamples.words}`,
      parts,
      elsewhere: null,
    }
  },
})

declare module '../operation' {
  interface Operations {
    'export-compiler': typeof exportCompiler
  }
}
