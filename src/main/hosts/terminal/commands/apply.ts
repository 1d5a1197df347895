import { resolve } from 'node:path'
import { differenceText } from '../../../../shared/tables/difference-text'
import { defineCommand } from '../arguments/command'
import { formatCount } from '../format-number'

export const apply = defineCommand({
  description: 'send texts through an exported head, as a NumPy file',
  arguments: { head: { description: 'a head.safetensors that export wrote' } },
  options: {
    texts: { required: true, description: 'a text file, one query a line', value: 'FILE' },
    out: { required: true, description: 'the NumPy file to write', value: 'FILE.npy' },
  },
  mode: 'read',
  async run({ args, open, signal }) {
    const client = await open()
    const request = { head: resolve(args.head), texts: resolve(args.texts), out: resolve(args.out) }
    const result = await client.exporting.apply(request, { signal })
    const parity =
      result.parity === null
        ? 'The head’s run is not in this workspace, so there is nothing to compare with.'
        : `Greatest difference to the engine's own vectors: ${differenceText(result.parity)}.`
    return {
      json: result,
      text: () =>
        `Wrote ${result.file}: ${formatCount(result.rows)} vectors of ${result.columns} numbers.\n${parity}`,
    }
  },
})
