import { resolve } from 'node:path'
import { CARD_OPTIONS, missingCard, namedCard } from '../card-choice'
import { formatBytes } from '../format-number'
import { usageError } from '../usage-error'
import { defineVerb } from '../verb'

export const exportVerb = defineVerb({
  description: 'write the head that a run makes of a card',
  args: {
    run: { type: 'positional', required: true, description: 'id of the run' },
    ...CARD_OPTIONS,
    dataset: { type: 'string', description: 'the corpus, where the run knows several', valueHint: 'ID' },
    format: { type: 'string', description: 'safetensors', valueHint: 'safetensors' },
    out: { type: 'string', description: 'folder for the file', valueHint: 'DIR' },
  },
  mode: 'read',
  async run({ args, open, signal }) {
    const format = args.format ?? 'safetensors'
    if (format !== 'safetensors') throw usageError('--format safetensors', `“${format}”`)
    const readCard = namedCard(args)
    if (!readCard) throw missingCard()
    const client = await open()
    const choice = await readCard(client)
    const head = await client.exporting.head(
      { run: args.run, choice, dataset: args.dataset, format, out: args.out && resolve(args.out) },
      { signal },
    )
    return {
      json: head,
      text: () =>
        [
          `Wrote ${head.file} (${formatBytes(head.bytes)}).`,
          `Greatest difference to the engine's own vectors: ${head.parity.toExponential(1)}.`,
          `Use it: hydra apply ${head.file} --texts queries.txt --out vectors.npy`,
        ].join('\n'),
    }
  },
})
