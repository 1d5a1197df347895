import { HydraError } from '../../../shared/errors'
import type { CardExperts } from '../../../shared/schemas/card-experts'
import { serviceName } from '../../engine/encoders/remote/remote-record'
import { readEncoderOrigin } from '../../engine/exporting/encoder-origin'
import type { ExportMaterial, Probes } from '../../engine/exporting/export-material'
import type { HeadPair } from '../../engine/exporting/head-file'
import { PROBE_SEED, probeTexts } from '../../engine/exporting/probe-texts'
import { applyHead } from '../../engine/hypernet/head'
import { greatestDifference } from '../../engine/hypernet/hypernetwork'
import { gatherRows } from '../../engine/numeric/matrix'
import { randomStream, sampleIndices } from '../../engine/numeric/random'
import { type CardHeadRequest, cardHead } from '../handing-out/card-head'
import type { OperationContext } from '../operation'

/** Documents of the collection among which probes are ranked. */
const PROBED_DOCUMENTS = 256

/** A card compiled, and what the network itself makes of the probes. `experts`: null where another head is handed out. */
export async function exportMaterial(
  request: CardHeadRequest,
  context: OperationContext,
): Promise<ExportMaterial & { readonly experts: CardExperts | null }> {
  const { run } = request
  const { dataset, card, encoder, checkpoint, corpus, handed, chosen, bm25, words, experts } = await cardHead(
    request,
    context,
  )
  const { collection, documents } = corpus.encoded
  const heads = handed.fold()
  const texts = probeTexts()
  const probed = await encoder.encode(texts, { signal: context.signal })
  const random = randomStream(PROBE_SEED, 'probe documents')
  const rows = sampleIndices(documents.rows, PROBED_DOCUMENTS, random)
  const documentVectors = gatherRows(documents, rows)
  const probes: Probes = {
    texts,
    vectors: probed,
    queries: handed.transform(probed),
    documents: {
      texts: rows.map((document) => collection.documents.texts.at(document)!),
      vectors: documentVectors,
      transformed: handed.transformDocuments(documentVectors),
    },
  }
  const model = await context.resolveEncoder(checkpoint.encoder)
  return {
    name: `${dataset}-${card.id}`,
    heads,
    origin: {
      run,
      dataset,
      card,
      encoder: checkpoint.encoder,
      encoderSha256: checkpoint.encoderSha256,
      ...(model.kind === 'remote' ? { encoderService: serviceName(model.record) } : {}),
      handedOut: { ...chosen, ...(bm25 ? { bm25 } : {}), words },
      parity: foldedDifference(heads, probes),
    },
    experts: chosen.head === 'task card' ? experts : null,
    encoder: model,
    encoderOrigin: await readEncoderOrigin(model),
    probes,
  }
}

/** Greatest difference between the folded heads and what they were folded from. */
function foldedDifference({ head, documents }: HeadPair, probes: Probes): number {
  const { transformed, vectors } = probes.documents
  const difference = Math.max(
    greatestDifference(applyHead(head, probes.vectors), probes.queries),
    documents && transformed ? greatestDifference(applyHead(documents, vectors), transformed) : 0,
  )
  if (Number.isFinite(difference)) return difference
  throw new HydraError('HEAD_INVALID', {
    expected: 'a head whose vectors can be held against the network’s',
    got: `a difference of ${difference}`,
    remedy: 'The trained weights are not sound: train the run again. Nothing was written.',
  })
}
