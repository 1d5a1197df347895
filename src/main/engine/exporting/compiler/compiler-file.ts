import { cardText } from '../../../../shared/schemas/card'
import { serviceName } from '../../encoders/remote/remote-record'
import { expertsOf, expertTitle } from '../../hypernet/experts/expert-plan'
import { LAYER_NORM_EPSILON } from '../../hypernet/head'
import { meanOfVectors } from '../../numeric/matrix'
import { FEEDBACK_DOCUMENTS } from '../../retrieval/nearest-mean'
import type { CompilerMaterial } from './compiler-material'
import type { RecordedGraph } from './recorded-graph'

const INPUTS: Readonly<Record<string, string>> = {
  description: 'the card’s text through the encoder, as a query',
  queries: 'mean of its example queries through the encoder; zeros where it has none',
  documents: 'mean of its example documents through the encoder; zeros where it has none',
  nearest: `mean of the ${FEEDBACK_DOCUMENTS} documents of the corpus whose vectors have the largest inner products with description`,
  corpus: 'mean document of the corpus that is searched',
  query_mean: 'mean train query of that corpus: queries of corpora, or of otherCorpora',
  examples: 'how many examples the card has',
}

const OUTPUTS: Readonly<Record<string, string>> = {
  W: 'row i makes output i',
  b: 'added to W·x',
  norm_scale: 'after layer normalisation',
  norm_shift: 'after layer normalisation',
  documents_W: 'W for document vectors: index what it makes of them',
  documents_b: 'b for document vectors',
  documents_norm_scale: 'norm_scale for document vectors',
  documents_norm_shift: 'norm_shift for document vectors',
  gates: 'how far each expert’s gate is open, in [0, 1]',
  shares:
    'how much of the head each expert makes; at most 1 in all, 0 everywhere where none fits: the frozen encoder',
  likeness: 'of each expert: cosines to its trained cards, of text and corpus, mean of the three highest',
  fit: 'how much of the head the experts make, in [0, 1]',
  nearest_card: 'place among trainedCards of the nearest one',
  nearest_likeness: 'its cosines of text and corpus',
  bm25_share: 'share of BM25 in the ranking, both on the scale that handedOut names',
}

/** `compiler.json`: all that a service needs to call the graph (docs/formats.md#compilers). */
export function compilerFile(
  { run, parts, encoder, encoderOrigin, background }: CompilerMaterial,
  graph: RecordedGraph,
  files: { readonly graph: string; readonly encoder: string | null },
): object {
  const { description, corpusMeans, encoderSha256 } = parts.checkpoint
  const { conditioning, experts, tasks, generator, head, side } = description
  const all = [...corpusMeans.values()]
  const described = (values: RecordedGraph['inputs'], about: Readonly<Record<string, string>>) =>
    values.map(({ name, type, shape }) => ({ name, type, shape, about: about[name] }))
  const shows = parts.handedOut.withExamples.head.head === 'card as text'
  return {
    format: 'hydra-compiler',
    version: 1,
    run,
    graph: files.graph,
    formula: graph.outputs.some(({ name }) => name === 'norm_scale')
      ? `normalize(layer_norm(W @ x + b, eps=${LAYER_NORM_EPSILON}) * norm_scale + norm_shift), x a unit vector of the encoder`
      : 'normalize(W @ x + b), x a unit vector of the encoder',
    inputs: described(graph.inputs, INPUTS).map((input) => ({
      ...input,
      cards: cardsThatNeed(input.name, shows),
    })),
    outputs: described(graph.outputs, OUTPUTS),
    card: { text: cardTemplate(conditioning) },
    nearestDocuments: FEEDBACK_DOCUMENTS,
    encoder: {
      id: encoder.id,
      model: encoderOrigin.model,
      sha256: encoderSha256,
      fingerprint: encoder.fingerprint,
      graph: files.encoder,
      dimensions: encoder.dimensions,
      // What a service does with a text is its own.
      ...(encoder.kind === 'remote' ? { service: serviceName(encoder.record) } : {}),
      maxTokens: encoder.kind === 'remote' ? null : encoder.maxTokens,
      pooling: encoder.kind === 'transformer' ? encoder.pooling : null,
      lowerCase: encoder.kind === 'remote' ? null : encoder.lowerCase,
      prefixes: encoder.prefixes,
    },
    network: { generator, head, side, conditioning },
    handedOut: parts.handedOut,
    experts: experts ? expertsOf(experts).map(({ name }) => expertTitle(name)) : null,
    trainedCards: tasks,
    corpora: Object.fromEntries(
      [...corpusMeans].map(([id, means]) => [
        id,
        { documents: base64(means.documents), queries: base64(means.queries) },
      ]),
    ),
    // A network that was trained on one corpus knows no other.
    otherCorpora:
      all.length > 1 ? { queries: base64(meanOfVectors(all.map(({ queries }) => queries))) } : null,
    licences: {
      encoder: encoderOrigin.licence,
      datasets: background.run.datasets.map(({ id }) => ({
        id,
        licence: background.datasets.find((one) => one.id === id)?.licence ?? null,
      })),
    },
  }
}

/** For the others an input may be anything. @param shows whether cards with examples are moved by what is nearest to them */
function cardsThatNeed(input: string, shows: boolean): 'all' | 'with examples' | 'without examples' {
  if (input === 'queries' || input === 'documents') return 'with examples'
  return input === 'nearest' && !shows ? 'without examples' : 'all'
}

/** Parts of a card's text, those whose field the card has joined by a space: `Domain: {domain}.` */
function cardTemplate(conditioning: readonly string[]): string[] {
  const fields = ['description', 'domain', 'queryType'] as const
  return fields.flatMap((field) => {
    const text = cardText({ description: '', [field]: `{${field}}` }, conditioning).trim()
    return text === '' ? [] : [text]
  })
}

/** Little-endian float32. */
function base64({ buffer, byteOffset, byteLength }: Float32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64')
}
