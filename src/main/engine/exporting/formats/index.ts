import { collectSpecs } from '../../registry/registry'
import type { CompilerFormat, ExportFormat } from './export-format'

/** Every format that a file of this folder exports. */
export const exporters = collectSpecs<ExportFormat | CompilerFormat>(
  import.meta.glob('./*.ts', { eager: true }),
)

/** Those in which a card's head leaves. */
export const headExporters = exporters.filter((one): one is ExportFormat => one.subject !== 'run')

/** Those in which what makes heads of cards leaves. */
export const compilerExporters = exporters.filter((one): one is CompilerFormat => one.subject === 'run')
