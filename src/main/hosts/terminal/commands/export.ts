import { resolve } from 'node:path'
import { CARD_OPTIONS, missingCard, namedCard } from '../arguments/card-choice'
import { defineCommand } from '../arguments/command'
import { formatBytes } from '../format-number'

export const exportHead = defineCommand({
  description: 'write the head that a run makes of a card',
  arguments: { run: { description: 'id of the run' } },
  options: {
    ...CARD_OPTIONS,
    dataset: { description: 'the corpus, where the run knows several', value: 'ID' },
    format: { choices: ['safetensors'], description: 'of the file', value: 'FORMAT' },
    out: { description: 'folder for the file', value: 'DIR' },
  },
  mode: 'read',
  async run({ args, open, signal }) {
    const format = args.format ?? 'safetensors'
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
