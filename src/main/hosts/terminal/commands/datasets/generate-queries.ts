import type { GeneratedQueries, GeneratedQuery } from '../../../../../shared/schemas/generated-queries'
import { USUAL_GENERATION } from '../../../../../shared/schemas/runs/generation'
import { agreeToCost } from '../../agree-to-cost'
import { alignTable } from '../../align-table'
import { defineCommand } from '../../arguments/command'
import { decimal, wholeNumber } from '../../arguments/option-values'
import { encoderPlace } from '../../arguments/train-request'
import { truncate } from '../../fit-text'
import { followJob } from '../../follow-job'
import { formatCount } from '../../format-number'

/** Queries that are printed; `--json` gives all. */
const SHOWN = 20
const LONGEST = 80

export const generateQueries = defineCommand({
  description:
    'have a model write queries of a dataset’s documents and look at them, and at which would be kept',
  arguments: { id: { description: 'id of the dataset' } },
  options: {
    model: {
      required: true,
      description: 'the seq2seq or causal model that writes, by its name in the list of models or its folder',
      value: 'ID|DIR',
    },
    count: { description: 'queries to write at most; 30 unless said', value: 'N' },
    'per-document': {
      description: `queries of a document; ${USUAL_GENERATION.perDocument} unless said`,
      value: 'N',
    },
    prompt: { description: 'what the model is given, {document} in the document’s place', value: 'TEXT' },
    'round-trip': {
      description: `keep a query whose document is among the first so many that it finds, or none: all; ${USUAL_GENERATION.roundTrip} unless said`,
      value: 'N|none',
    },
    by: {
      choices: ['bm25', 'dense'],
      description: 'what it finds them with; bm25 unless said',
      value: 'NAME',
    },
    reranker: {
      description: 'a cross-encoder that must score the document above the others that the query finds',
      value: 'ID|DIR',
    },
    margin: { description: 'by how much at least; 0 unless said', value: 'X' },
    encoder: { description: 'id or folder of the encoder, for --by dense', value: 'ID|DIR' },
  },
  mode: 'write',
  async run({ args, open, terminal, seed, signal }) {
    const { roundTrip, perDocument } = USUAL_GENERATION
    const request = {
      dataset: args.id,
      generation: {
        model: encoderPlace(args.model) ?? args.model,
        perDocument: wholeNumber(args['per-document'], '--per-document', 1, 100) ?? perDocument,
        prompt: args.prompt ?? null,
        roundTrip:
          args['round-trip'] === 'none'
            ? null
            : (wholeNumber(args['round-trip'], '--round-trip', 1, 1000) ?? roundTrip),
        roundTripBy: args.by ?? USUAL_GENERATION.roundTripBy,
        reranker: encoderPlace(args.reranker) ?? null,
        margin: decimal(args.margin, '--margin', -1000, 1000) ?? USUAL_GENERATION.margin,
      },
      most: wholeNumber(args.count, '--count', 1, 1_000_000) ?? 30,
      encoder: encoderPlace(args.encoder),
      seed,
    }
    const client = await open()
    if (request.generation.roundTripBy === 'dense')
      await agreeToCost({ client, terminal, signal }, { encoder: request.encoder, datasets: [args.id] })
    const { job } = await client.datasets.generate(request)
    await followJob({ client, terminal, signal }, job)
    const generated = await client.datasets.generated({ id: args.id })
    return { json: generated, text: () => describe(generated) }
  },
})

function describe({ queries, documents, request }: GeneratedQueries): string {
  const kept = queries.filter(({ dropped }) => dropped === null).length
  return [
    `${formatCount(queries.length)} queries of ${formatCount(documents)} documents of ${request.dataset}, ${formatCount(kept)} of them kept`,
    '',
    alignTable(
      [
        { title: 'query' },
        { title: 'document' },
        { title: 'rank', align: 'right' },
        { title: 'margin', align: 'right' },
        { title: 'kept' },
      ],
      queries.slice(0, SHOWN).map(row),
    ),
    ...(queries.length > SHOWN
      ? [`… and ${formatCount(queries.length - SHOWN)} more: --json gives all`]
      : []),
    '',
    `Train on such: hydra train --tasks ${request.dataset} --set queries=generated --set generated.model=${request.generation.model}`,
  ].join('\n')
}

function row({ query, document, rank, margin, dropped }: GeneratedQuery): string[] {
  return [
    truncate(query, LONGEST),
    document,
    rank === null ? '–' : formatCount(rank),
    margin === null ? '–' : margin.toFixed(2),
    dropped ?? 'kept',
  ]
}
