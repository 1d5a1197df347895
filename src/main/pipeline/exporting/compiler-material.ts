import type { HandOutChoice } from '../../../shared/handed-heads'
import type { HandOut } from '../../../shared/schemas/runs/hand-out'
import type { CompilerParts, HandedCase } from '../../engine/exporting/compiler/compiler-graph'
import type { CompilerMaterial } from '../../engine/exporting/compiler/compiler-material'
import { type ProbeCard, probeCards } from '../../engine/exporting/compiler/probe-cards'
import { readEncoderOrigin } from '../../engine/exporting/encoder-origin'
import { probeTexts } from '../../engine/exporting/probe-texts'
import { type CardVectors, descriptionOnly } from '../../engine/hypernet/card-vectors'
import { expertFit } from '../../engine/hypernet/experts/expert-fit'
import { expertsOf, expertTitle } from '../../engine/hypernet/experts/expert-plan'
import { createMatrix, meanOfVectors, row } from '../../engine/numeric/matrix'
import { type CorpusIndex, createCorpusIndex } from '../../engine/retrieval/corpus-index'
import { nearestMeans } from '../../engine/retrieval/nearest-mean'
import { cardMeans } from '../../engine/training/checkpoint'
import { readHandOut } from '../../workspace/runs/run-hand-out'
import { handedChoice } from '../handing-out/handed-choice'
import { handedHead } from '../handing-out/handed-head'
import type { OperationContext } from '../operation'
import type { WarmNetwork } from '../playground/warm-engine'
import { NO_CARD } from '../training/trained-systems'
import { exportBackground } from './export-background'

/** A run's compiler, and what the engine itself makes of the probe cards. */
export async function compilerMaterial(
  { run, handOut: asked }: { readonly run: string; readonly handOut: HandOutChoice },
  context: OperationContext,
): Promise<CompilerMaterial> {
  const { warm, signal } = context
  const trained = await warm.network(run, context)
  const { run: record, checkpoint } = trained
  const encoder = await warm.encoder(checkpoint.encoder, context)
  const handOut = await readHandOut(context.workspace, run)
  const handed = (examples: number): HandedCase =>
    handedChoice({ run: record, handOut, task: null, examples, asked })
  const handedOut = { withExamples: handed(1), withoutExamples: handed(0) }
  const parts = { checkpoint, handedOut, ...(await controlParts(handedOut, handOut, run, context)) }
  const texts = probeTexts()
  const queries = await encoder.encode(texts, { signal })
  const documents = await encoder.encode(texts, { role: 'document', signal })
  const index = await createCorpusIndex({ documents, ids: texts.map((_, i) => `${i}`) })
  try {
    const cards: CompilerMaterial['probes']['cards'][number][] = []
    for (const card of probeCards(checkpoint, queries, documents))
      cards.push(await engineCard(card, { trained, parts, index, handOut }, context))
    const model = await context.resolveEncoder(checkpoint.encoder)
    return {
      run,
      parts,
      encoder: model,
      encoderOrigin: await readEncoderOrigin(model),
      background: await exportBackground(run, context.workspace),
      probes: { texts, queries, documents, cards },
    }
  } finally {
    await index.dispose()
  }
}

/** What only some rules hand out. */
async function controlParts(
  handedOut: CompilerParts['handedOut'],
  handOut: HandOut | null,
  run: string,
  context: OperationContext,
): Promise<Pick<CompilerParts, 'noCard' | 'controlMean'>> {
  const asksNoCard = Object.values(handedOut).some(({ head }) => head.head === 'no card')
  const without = asksNoCard ? await context.warm.networkOf(run, NO_CARD, context) : null
  return {
    noCard: without?.checkpoint ?? null,
    controlMean: handOut && Float32Array.from(handOut.descriptionMean),
  }
}

/** What goes into the graph for a probe, and what the engine hands out for it. */
async function engineCard(
  card: ProbeCard,
  made: {
    readonly trained: WarmNetwork
    readonly parts: CompilerParts
    /** Of the probe texts as documents, in the place of a corpus. */
    readonly index: CorpusIndex
    readonly handOut: HandOut | null
  },
  context: OperationContext,
): Promise<CompilerMaterial['probes']['cards'][number]> {
  const { trained, parts, index, handOut } = made
  const { checkpoint, network } = trained
  const d = card.description.length
  const corpus = { encoded: { collection: { id: card.dataset }, documentMean: card.corpus }, index }
  const means = cardMeans(checkpoint, corpus.encoded)
  const nearest = row(await nearestMeans(index, createMatrix(1, d, card.description)), 0)
  const vectors: CardVectors = card.examples
    ? { ...card.examples, description: card.description, corpus: card.corpus }
    : descriptionOnly(
        card.description,
        nearest,
        { queries: means.queries, documents: card.corpus },
        checkpoint.feedbackWeight,
      )
  const { head, bm25 } = parts.handedOut[card.examples ? 'withExamples' : 'withoutExamples']
  const pair = (await handedHead(head, vectors, { trained, corpus, handOut }, context)).fold()
  const chosen = network.experts(vectors, means)
  const zeros = new Float32Array(d)
  const all = [...checkpoint.corpusMeans.values()]
  return {
    inputs: {
      description: card.description,
      queries: card.examples?.queries ?? zeros,
      documents: card.examples?.documents ?? zeros,
      nearest,
      corpus: card.corpus,
      query_mean:
        checkpoint.corpusMeans.get(card.dataset)?.queries ?? meanOfVectors(all.map(({ queries }) => queries)),
      examples: Float32Array.of(card.examples?.count ?? 0),
    },
    made: {
      ...pair,
      experts: chosen && planned(chosen, checkpoint),
      bm25: (bm25?.share ?? 0) * expertFit(chosen),
    },
  }
}

/** Gates and shares in the order of the plan. */
function planned(
  { experts }: NonNullable<ReturnType<WarmNetwork['network']['experts']>>,
  { description }: WarmNetwork['checkpoint'],
) {
  const ordered = expertsOf(description.experts!).map(
    ({ name }) => experts.find((one) => one.name === expertTitle(name))!,
  )
  return {
    gates: Float32Array.from(ordered, ({ gate }) => gate),
    shares: Float32Array.from(ordered, ({ share }) => share),
  }
}
