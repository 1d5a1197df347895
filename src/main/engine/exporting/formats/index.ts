import { collectSpecs } from '../../registry/registry'
import type { ExportFormat } from './export-format'

/** Every format that a file of this folder exports. */
export const exporters = collectSpecs<ExportFormat>(import.meta.glob('./*.ts', { eager: true }))
