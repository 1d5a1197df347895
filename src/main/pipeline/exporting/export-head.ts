import { join, resolve } from 'node:path'
import { z } from 'zod'
import { exportedSchema, exportRequestSchema } from '../../../shared/schemas/exporting/exported-head'
import { headExporters } from '../../engine/exporting/formats'
import { writeExport } from '../../engine/exporting/write-export'
import { findSpec, parseOptions } from '../../engine/registry/registry'
import { workspacePaths } from '../../workspace/paths'
import { defineOperation } from '../operation'
import { exportBackground } from './export-background'
import { exportMaterial } from './export-material'
import { writeExportFolder, writeZippedExport } from './land-export'

/** Compiles a card and writes its head in a format of the registry, proved by running what was written. */
export const exportHead = defineOperation({
  name: 'export-head',
  /** The version is the workbench's, for the certificate. */
  input: exportRequestSchema.extend({ version: z.string() }),
  output: exportedSchema,
  session: true,
  async run({ run, choice, dataset, format: name, options: said, handOut, out, version }, context) {
    const format = findSpec('exporter', headExporters, name)
    const options = parseOptions('exporter', format, said)
    const material = await exportMaterial({ run, choice, dataset, handOut }, context)
    const plan = await format.create(material, options)
    const about = {
      background: await exportBackground(run, context.workspace),
      version,
      now: context.now(),
      signal: context.signal,
    }
    const fill = (folder: string) => writeExport(material, { format, plan }, about, folder)
    const place = out ? resolve(out) : workspacePaths(context.workspace).run(run).exports
    const target = join(place, `${material.name}-${format.name}`)
    const { certificate, ...written } = format.zipped
      ? await writeZippedExport(`${target}.zip`, fill)
      : await writeExportFolder(target, plan.main, fill)
    const { parts, elsewhere } = certificate
    return {
      ...written,
      parity: material.origin.parity,
      handedOut: material.origin.handedOut!.words,
      parts,
      elsewhere: elsewhere && { what: elsewhere.what, command: elsewhere.command },
    }
  },
})

declare module '../operation' {
  interface Operations {
    'export-head': typeof exportHead
  }
}
