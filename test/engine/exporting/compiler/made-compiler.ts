import { resolveModel } from '../../../../src/main/engine/encoders/model-folder'
import { openModelEncoder } from '../../../../src/main/engine/encoders/open-encoder'
import { controlShift } from '../../../../src/main/engine/evaluation/controls'
import type { CompiledCard } from '../../../../src/main/engine/exporting/compiler/compiled-card'
import type { CompilerParts, HandedCase } from '../../../../src/main/engine/exporting/compiler/compiler-graph'
import type { CompilerMaterial } from '../../../../src/main/engine/exporting/compiler/compiler-material'
import { type ProbeCard, probeCards } from '../../../../src/main/engine/exporting/compiler/probe-cards'
import { readEncoderOrigin } from '../../../../src/main/engine/exporting/encoder-origin'
import { probeTexts } from '../../../../src/main/engine/exporting/probe-texts'
import { blendHead, identityHead, shiftHead } from '../../../../src/main/engine/hypernet/blended-head'
import {
  type CardMeans,
  type CardVectors,
  constantCard,
  descriptionOnly,
} from '../../../../src/main/engine/hypernet/card-vectors'
import { expertFit } from '../../../../src/main/engine/hypernet/experts/expert-fit'
import { expertsOf, expertTitle } from '../../../../src/main/engine/hypernet/experts/expert-plan'
import type { AffineHead } from '../../../../src/main/engine/hypernet/head'
import { createHypernetwork, type Hypernetwork } from '../../../../src/main/engine/hypernet/hypernetwork'
import {
  createNetwork,
  defaultNetwork,
  type NetworkDescription,
} from '../../../../src/main/engine/hypernet/network'
import { type Parameters, settleParameters } from '../../../../src/main/engine/hypernet/parameters'
import { meanOfVectors, meanRow, normalizeRows, row } from '../../../../src/main/engine/numeric/matrix'
import { randomStream } from '../../../../src/main/engine/numeric/random'
import { type Checkpoint, cardMeans } from '../../../../src/main/engine/training/checkpoint'
import type { HandedHead } from '../../../../src/shared/schemas/runs/hand-out'
import { tinyBert } from '../../encoders/model-fixture'
import { unitRows } from '../../tiny-task'
import { madeBackground } from '../made-material'

/** A network as a checkpoint of a run on one corpus. */
export function madeCheckpoint(
  description: NetworkDescription,
  parameters: Parameters,
  { description: descriptionMean, queries, documents }: CardMeans,
): Checkpoint {
  return {
    description,
    parameters,
    step: 0,
    dev: 0,
    system: 'task card',
    feedbackWeight: 0.5,
    encoder: tinyBert,
    encoderSha256: '',
    descriptionMean,
    corpusMeans: new Map([['harbour', { queries, documents }]]),
  }
}

export function handedCase(head: HandedHead, bm25: HandedCase['bm25'] = null): HandedCase {
  return { head, bm25, words: `Handed out: ${head.head}.` }
}

export const AS_TRAINED: CompilerParts['handedOut'] = {
  withExamples: handedCase({ head: 'task card', strength: 1 }),
  withoutExamples: handedCase({ head: 'task card', strength: 1 }),
}

/** Far from its start, where nothing is zero; of a network with experts two families that lie apart. @param d of the encoder */
export function madeNetwork(
  d: number,
  { generator, ...change }: Partial<NetworkDescription> & Pick<NetworkDescription, 'generator'>,
): { description: NetworkDescription; parameters: Parameters } {
  const isExperts = generator.name === 'experts'
  const description: NetworkDescription = {
    ...defaultNetwork(
      { dimensions: d, hidden: 6, basis: 3, rank: 2 },
      { documentGain: 1, descriptionGain: 0.5 },
    ),
    tasks: ['a', 'b', 'c', 'd'],
    generator,
    ...(isExperts
      ? {
          head: { name: 'full', options: {} },
          conditioning: ['description', 'corpus'],
          experts: { names: ['boats', 'trees'], of: [0, 0, 0, 1], shared: true },
        }
      : {}),
    ...change,
  }
  const random = randomStream(7, 'made weights')
  const started = createNetwork(description).initialParameters(random)
  for (const { data, fixed } of started)
    if (!fixed) for (let i = 0; i < data.length; i++) data[i] += 0.1 * random.normal()
  const parameters = settleParameters(started, {
    trainedTexts: unitRows(4, d, 11).data,
    trainedCorpora: unitRows(4, d, 12).data,
    middle: unitRows(2, d, 13).data.map((value) => 0.2 * value),
    gates: Float32Array.of(9, 4, -6, 6, 3, -5, 7, 5, -6),
  })
  return { description, parameters }
}

/** What the engine hands out for a card, from its own parts. */
function engineCard(
  card: ProbeCard,
  parts: CompilerParts,
  {
    network,
    noCard,
    nearest,
  }: { readonly network: Hypernetwork; readonly noCard: Hypernetwork | null; readonly nearest: Float32Array },
): CompilerMaterial['probes']['cards'][number] {
  const { checkpoint, handedOut, controlMean } = parts
  const known = [...checkpoint.corpusMeans.values()]
  const queryMean =
    checkpoint.corpusMeans.get(card.dataset)?.queries ?? meanOfVectors(known.map(({ queries }) => queries))
  const encoded = { collection: { id: card.dataset }, documentMean: card.corpus }
  const means = cardMeans(checkpoint, encoded)
  const feedback = { queries: means.queries, documents: card.corpus }
  const vectors: CardVectors = card.examples
    ? { ...card.examples, description: card.description, corpus: card.corpus }
    : descriptionOnly(card.description, nearest, feedback, checkpoint.feedbackWeight)
  const { head, bm25 } = handedOut[card.examples ? 'withExamples' : 'withoutExamples']
  const made = (): { head: AffineHead; documents: AffineHead | null } => {
    const d = card.description.length
    if (head.head === 'frozen') return { head: identityHead(d), documents: null }
    if (head.head === 'no card') {
      const own = cardMeans(parts.noCard as Checkpoint, encoded)
      return { head: blendHead(noCard!.compile(constantCard(own), own), head.strength), documents: null }
    }
    if (head.head === 'task card') {
      const whole = network.compile(vectors, means)
      return head.strength === 1
        ? { head: whole, documents: network.compileDocuments(vectors, means) }
        : { head: blendHead(whole, head.strength), documents: null }
    }
    const centres = { description: controlMean as Float32Array, queries: queryMean, documents: card.corpus }
    return { head: shiftHead(controlShift(head, { vectors, nearest }, centres)!), documents: null }
  }
  const chosen = network.experts(vectors, means)
  const zeros = new Float32Array(card.description.length)
  const ordered = expertsOf(checkpoint.description.experts ?? { names: [], of: [], shared: false }).map(
    ({ name }) => chosen!.experts.find((one) => one.name === expertTitle(name))!,
  )
  return {
    inputs: {
      description: card.description,
      queries: card.examples?.queries ?? zeros,
      documents: card.examples?.documents ?? zeros,
      nearest,
      corpus: card.corpus,
      query_mean: queryMean,
      examples: Float32Array.of(card.examples?.count ?? 0),
    },
    made: {
      ...made(),
      experts: chosen && {
        gates: Float32Array.from(ordered, ({ gate }) => gate),
        shares: Float32Array.from(ordered, ({ share }) => share),
      },
      bm25: (bm25?.share ?? 0) * expertFit(chosen),
    } satisfies CompiledCard,
  }
}

let encoded: ReturnType<typeof encodeProbes> | undefined

async function encodeProbes() {
  const model = await resolveModel(tinyBert, [])
  const opened = await openModelEncoder(model)
  const texts = probeTexts()
  const queries = await opened.encode(texts)
  await opened.dispose()
  return { model, texts, queries }
}

/** What a compiler is exported from: a small real encoder, a made network, and the engine's own heads of the probe cards. */
export async function madeCompiler(
  change: Partial<NetworkDescription> & Pick<NetworkDescription, 'generator'>,
  {
    handedOut = AS_TRAINED,
    corpora = 1,
    noCard = false,
  }: { handedOut?: CompilerParts['handedOut']; corpora?: number; noCard?: boolean } = {},
): Promise<CompilerMaterial> {
  encoded ??= encodeProbes()
  const { model, texts, queries } = await encoded
  const d = model.dimensions
  const { description, parameters } = madeNetwork(d, change)
  const vector = (seed: number) => row(unitRows(1, d, seed), 0)
  const means = { description: meanRow(queries), queries: vector(1), documents: vector(2) }
  const checkpoint: Checkpoint = {
    ...madeCheckpoint(description, parameters, means),
    corpusMeans: new Map(
      Array.from({ length: corpora }, (_, i) => [
        `harbour${i}`,
        { queries: vector(20 + i), documents: vector(30 + i) },
      ]),
    ),
  }
  const without = noCard ? madeNetwork(d, { generator: { name: 'constant', options: { skip: true } } }) : null
  const parts: CompilerParts = {
    checkpoint,
    noCard: without && { ...checkpoint, ...without },
    handedOut,
    controlMean: vector(40),
  }
  const network = createHypernetwork(description, parameters)
  const constant = without && createHypernetwork(without.description, without.parameters)
  const nearest = normalizeRows(unitRows(texts.length, d, 50))
  const cards = probeCards(checkpoint, queries, queries).map((card, i) =>
    engineCard(card, parts, { network, noCard: constant, nearest: row(nearest, i) }),
  )
  network.dispose()
  constant?.dispose()
  return {
    run: 'a-run',
    parts,
    encoder: model,
    encoderOrigin: await readEncoderOrigin(model),
    background: madeBackground(),
    probes: { texts, queries, documents: queries, cards },
  }
}
