import { resolve } from 'node:path'
import { REPORT_FORMATS } from '../../../../shared/schemas/comparison'
import { defineCommand } from '../arguments/command'
import { formatBytes } from '../format-number'
import { COMPARISON_ARGUMENTS, COMPARISON_OPTIONS, comparisonRequest } from './compare'

export const report = defineCommand({
  description: 'a comparison as one HTML file that opens from disk, or results in MTEB’s format',
  arguments: COMPARISON_ARGUMENTS,
  options: {
    ...COMPARISON_OPTIONS,
    format: { choices: REPORT_FORMATS, description: 'html unless said', value: 'FORMAT' },
    out: { required: true, description: 'html: the file; mteb: the folder', value: 'FILE|DIR' },
  },
  mode: 'read',
  async run({ args, open, seed, signal }) {
    const request = {
      ...comparisonRequest(args, seed),
      format: args.format ?? 'html',
      out: resolve(args.out),
    }
    const client = await open()
    const written = await client.reporting.write(request, { signal })
    return {
      json: written,
      text: () =>
        [`Wrote ${written.files.join(', ')} (${formatBytes(written.bytes)}).`, ...written.notes].join('\n'),
    }
  },
})
