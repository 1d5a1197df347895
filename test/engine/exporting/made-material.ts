import { type ResolvedModel, resolveModel } from '../../../src/main/engine/encoders/model-folder'
import { openModelEncoder } from '../../../src/main/engine/encoders/open-encoder'
import { readEncoderOrigin } from '../../../src/main/engine/exporting/encoder-origin'
import type { ExportMaterial } from '../../../src/main/engine/exporting/export-material'
import type { ExportBackground } from '../../../src/main/engine/exporting/export-readme'
import type { HeadPair } from '../../../src/main/engine/exporting/head-file'
import { probeTexts } from '../../../src/main/engine/exporting/probe-texts'
import { type AffineHead, applyHead } from '../../../src/main/engine/hypernet/head'
import { createMatrix } from '../../../src/main/engine/numeric/matrix'
import { randomStream } from '../../../src/main/engine/numeric/random'
import { madeRow, madeVerdict } from '../../made-verdict'
import { runDraft } from '../../run-draft'
import { tinyBert } from '../encoders/model-fixture'

/** A head with random weights. @param seed of them */
export function randomHead(d: number, outputs: number, seed: number, normed = false): AffineHead {
  const random = randomStream(seed, 'made head')
  const numbers = (count: number) => Float32Array.from({ length: count }, () => random.normal())
  return {
    weight: createMatrix(outputs, d, numbers(outputs * d)),
    bias: numbers(outputs),
    ...(normed && { norm: { scale: numbers(outputs), shift: numbers(outputs) } }),
  }
}

const DOCUMENTS = ['The oak is a tree.', 'A boat lies in the harbour.', 'Bread is baked.']

/**
 * What an export is made of, from a small real encoder and heads whose folded form stands for the network: that it is the
 * network is held elsewhere.
 * @param name of the encoder, with options @param make heads for its dimensions
 */
export async function madeMaterial(
  make: (d: number) => HeadPair,
  name: string = tinyBert,
): Promise<ExportMaterial & { readonly encoder: ResolvedModel }> {
  const model = await resolveModel(name, [])
  const opened = await openModelEncoder(model)
  const texts = probeTexts()
  const { query, document } = model.prefixes
  const vectors = await opened.encode(texts.map((text) => query + text))
  const documents = await opened.encode(DOCUMENTS.map((text) => document + text))
  await opened.dispose()
  const heads = make(model.dimensions)
  return {
    name: 'harbour-boats',
    heads,
    origin: {
      run: 'a-run',
      dataset: 'harbour',
      card: {
        version: 1,
        id: 'boats',
        name: 'Boats & $&',
        description: 'find “boats” in the harbour',
        examples: [],
      },
      encoder: model.id,
      encoderSha256: model.sha256,
      parity: 0,
    },
    encoder: model,
    encoderOrigin: await readEncoderOrigin(model),
    probes: {
      texts,
      vectors,
      queries: applyHead(heads.head, vectors),
      documents: {
        texts: DOCUMENTS,
        vectors: documents,
        transformed: heads.documents && applyHead(heads.documents, documents),
      },
    },
  }
}

export function madeBackground(change: Partial<ExportBackground> = {}): ExportBackground {
  const interval = { value: 0.5, low: 0.4, high: 0.6 }
  const mean = { 'nDCG@10': interval, 'MRR@10': interval, 'Recall@100': interval }
  return {
    run: {
      ...runDraft({ datasets: [{ id: 'harbour', sha256: 'a' }], seen: ['harbour'] }),
      version: 1,
      id: 'a-run',
      createdAt: '2026-01-01T00:00:00.000Z',
      endedAt: null,
      state: 'done',
      reason: null,
      notes: [],
      weights: {},
    },
    verdict: madeVerdict({
      rows: [
        madeRow({ row: 'task card', cards: 'seen', mean }),
        madeRow({ row: 'frozen', cards: 'seen', mean }),
      ],
      words: 'No difference shown.',
      limits: ['One collection.'],
    }),
    datasets: [],
    ...change,
  }
}
