import { resolve } from 'node:path'
import { formatCount } from '../format-number'
import { usageError } from '../usage-error'
import { defineVerb } from '../verb'

export const apply = defineVerb({
  description: 'send texts through an exported head, as a NumPy file',
  args: {
    head: { type: 'positional', required: true, description: 'a head.safetensors that export wrote' },
    texts: { type: 'string', description: 'a text file, one query a line', valueHint: 'FILE' },
    out: { type: 'string', description: 'the NumPy file to write', valueHint: 'FILE.npy' },
  },
  mode: 'read',
  async run({ args, open, signal }) {
    if (args.texts === undefined || args.out === undefined)
      throw usageError('--texts FILE and --out FILE.npy', 'less')
    const client = await open()
    const request = { head: resolve(args.head), texts: resolve(args.texts), out: resolve(args.out) }
    const result = await client.exporting.apply(request, { signal })
    const parity =
      result.parity === null
        ? 'The head’s run is not in this workspace, so there is nothing to compare with.'
        : `Greatest difference to the engine's own vectors: ${result.parity.toExponential(1)}.`
    return {
      json: result,
      text: () =>
        `Wrote ${result.file}: ${formatCount(result.rows)} vectors of ${result.columns} numbers.\n${parity}`,
    }
  },
})
