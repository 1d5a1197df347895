import { join, resolve } from 'node:path'
import { z } from 'zod'
import { HydraError } from '../../../shared/errors'
import { cardChoiceSchema } from '../../../shared/schemas/card'
import { encodeHead } from '../../engine/exporting/head-file'
import { applyHead } from '../../engine/hypernet/head'
import { greatestDifference } from '../../engine/hypernet/hypernetwork'
import { cardMeans, requireCorpus } from '../../engine/training/checkpoint'
import { writeFileAtomic } from '../../files/atomic-write'
import { workspacePaths } from '../../workspace/paths'
import { defineOperation, runInput } from '../operation'
import { chosenCard, datasetOf, encodeCard } from '../playground/card-choice'

/** Queries of the corpus on which the folded head is held against the network. */
const PROBES = 64

/** Compiles a card and writes its head. The parity in the answer and in the file is measured, not assumed. */
export const exportHead = defineOperation({
  name: 'export-head',
  input: runInput.extend({
    choice: cardChoiceSchema,
    dataset: z.string().optional(),
    /** Folder; the run's own unless said. */
    out: z.string().optional(),
  }),
  output: z.strictObject({ file: z.string(), bytes: z.number(), parity: z.number() }),
  session: true,
  async run({ run, choice, dataset: asked, out }, context) {
    const { warm } = context
    const { run: record, checkpoint, network } = await warm.network(run, context)
    const dataset = asked ?? datasetOf(choice, checkpoint.corpusMeans)
    requireCorpus(checkpoint, dataset)
    const encoder = await warm.encoder(checkpoint.encoder, context)
    const corpus = await warm.corpus(dataset, record.request.seed, encoder, context)
    const means = cardMeans(checkpoint, corpus.encoded)
    const card = chosenCard(choice, corpus.encoded.collection)
    const vectors = await encodeCard(card, checkpoint, corpus, encoder)
    const head = network.compile(vectors, means)
    const probes = await encoder.encode(corpus.encoded.collection.queries.texts.slice(0, PROBES))
    const documents = network.compileDocuments(vectors, means)
    const parity = Math.max(
      greatestDifference(applyHead(head, probes), network.transform(vectors, means, probes)),
      documents
        ? greatestDifference(
            applyHead(documents, probes),
            network.transformDocuments(vectors, means, probes)!,
          )
        : 0,
    )
    if (!Number.isFinite(parity)) throw noNumber(parity)
    const bytes = encodeHead(
      { head, documents },
      {
        run,
        dataset,
        card,
        encoder: checkpoint.encoder,
        encoderSha256: checkpoint.encoderSha256,
        parity,
      },
    )
    const folder = out ? resolve(out) : workspacePaths(context.workspace).run(run).exports
    const file = join(folder, `${dataset}-${card.id}.safetensors`)
    await writeFileAtomic(file, bytes)
    return { file, bytes: bytes.length, parity }
  },
})

function noNumber(parity: number): HydraError {
  return new HydraError('HEAD_INVALID', {
    expected: 'a head whose vectors can be held against the network’s',
    got: `a difference of ${parity}`,
    remedy: 'The trained weights are not sound: train the run again. Nothing was written.',
  })
}

declare module '../operation' {
  interface Operations {
    'export-head': typeof exportHead
  }
}
