import { resolve } from 'node:path'
import { differenceText } from '../../../../shared/tables/difference-text'
import { CARD_OPTIONS, missingCard, namedCard } from '../arguments/card-choice'
import { defineCommand } from '../arguments/command'
import { HAND_OUT_OPTION, readHandOut } from '../arguments/hand-out'
import { readExportFormat } from '../arguments/read-export-format'
import { usageError } from '../arguments/usage-error'
import { formatBytes } from '../format-number'

export const exportHead = defineCommand({
  description:
    'write the head that a run makes of a card, or the compiler that makes heads of any card, proved by running what was written',
  arguments: { run: { description: 'id of the run' } },
  options: {
    ...CARD_OPTIONS,
    dataset: { description: 'the corpus, where the run knows several', value: 'ID' },
    format: { description: 'safetensors unless said', value: 'FORMAT' },
    set: {
      repeatable: true,
      description: 'an option of the format, repeatable: --set graph=head; see hydra list exporter',
      value: 'NAME=VALUE',
    },
    'hand-out': HAND_OUT_OPTION,
    out: { description: 'folder in which it appears, the run’s own unless said', value: 'DIR' },
  },
  variants: { format: 'exporter' },
  mode: 'read',
  async run({ args, open, signal }) {
    const { format, options, ofRun } = await readExportFormat(args.format ?? 'safetensors', args.set ?? [])
    const readCard = namedCard(args)
    if (ofRun && (readCard || args.dataset !== undefined)) throw noCard(format)
    if (!ofRun && !readCard) throw missingCard()
    const client = await open()
    const { run, dataset } = args
    const out = args.out && resolve(args.out)
    const asked = { run, format, options, handOut: readHandOut(args['hand-out']), out }
    const written = readCard
      ? await client.exporting.head({ ...asked, dataset, choice: await readCard(client) }, { signal })
      : await client.exporting.compiler(asked, { signal })
    const { file, bytes, handedOut, parts, elsewhere } = written
    return {
      json: written,
      text: () =>
        [
          `Wrote ${file} (${formatBytes(bytes)}), with a README and a certificate.`,
          handedOut,
          ...parts.map(
            ({ part, by, difference, ranks }) =>
              `${part}, run by ${by}: greatest difference to the engine's own ${differenceText(difference)}${ranks === null ? '' : `, ranks moved at most ${ranks}`}.`,
          ),
          ...(elsewhere ? [`Not run here: ${elsewhere.what}. In its folder: ${elsewhere.command}`] : []),
          ...(format === 'safetensors'
            ? [`Use it: hydra apply ${file} --texts queries.txt --out vectors.npy`]
            : []),
        ].join('\n'),
    }
  },
})

function noCard(format: string) {
  return usageError(`no card and no dataset: ${format} is a whole run’s, for any card`, 'one of them')
}
