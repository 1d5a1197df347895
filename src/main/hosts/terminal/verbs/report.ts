import { resolve } from 'node:path'
import { REPORT_FORMATS } from '../../../../shared/schemas/comparison'
import { formatBytes } from '../format-number'
import { usageError } from '../usage-error'
import { defineVerb } from '../verb'
import { COMPARISON_OPTIONS, comparisonRequest } from './compare'

export const report = defineVerb({
  description: 'a comparison as one HTML file that opens from disk, or results in MTEB’s format',
  args: {
    ...COMPARISON_OPTIONS,
    format: { type: 'string', description: REPORT_FORMATS.join(', '), valueHint: 'html' },
    out: { type: 'string', description: 'html: the file; mteb: the folder', valueHint: 'FILE|DIR' },
  },
  mode: 'read',
  async run({ args, open, seed, signal }) {
    const format = REPORT_FORMATS.find((one) => one === (args.format ?? 'html'))
    if (!format) throw usageError(`--format ${REPORT_FORMATS.join(' or ')}`, `“${args.format}”`)
    if (!args.out) throw usageError('--out with a file, or a folder for mteb', 'none')
    const request = { ...comparisonRequest(args, seed), format, out: resolve(args.out) }
    const client = await open()
    const written = await client.reporting.write(request, { signal })
    return {
      json: written,
      text: () => `Wrote ${written.files.join(', ')} (${formatBytes(written.bytes)}).`,
    }
  },
})
