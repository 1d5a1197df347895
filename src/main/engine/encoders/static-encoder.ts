import { HydraError, throwIfCancelled } from '../../../shared/errors'
import { createMatrix, normalizeInPlace, row } from '../numeric/matrix'
import type { Encoder } from './encoder'
import type { ResolvedModel } from './model-folder'
import { requireFinite } from './require-finite'
import { readTable } from './static-table'
import { loadPlainTokenizer } from './tokenizer'

/** Texts encoded before the event loop gets its turn. */
const SLICE = 256

/**
 * A text is the mean of its tokens' vectors, which no context changes: no model runs, so it is hundreds of times faster
 * than a transformer. A text without any known token is the zero vector, which is like nothing.
 *
 * Tulkens and van Dongen, Model2Vec: fast state-of-the-art static embeddings, 2024.
 */
export async function openStaticEncoder(model: ResolvedModel): Promise<Encoder> {
  const { tokenize, vocabulary } = await loadPlainTokenizer(model)
  const table = await readTable(model.weights)
  if (table.rows < vocabulary) throw tooSmall(model, table.rows, vocabulary)
  const { id, sha256, fingerprint, dimensions } = model
  return {
    id,
    sha256,
    fingerprint,
    dimensions,
    async encode(texts, { signal, onProgress } = {}) {
      const vectors = createMatrix(texts.length, dimensions)
      for (let start = 0; start < texts.length; start += SLICE) {
        await new Promise((done) => setImmediate(done))
        throwIfCancelled(signal)
        const end = Math.min(start + SLICE, texts.length)
        for (let i = start; i < end; i++) {
          const vector = row(vectors, i)
          for (const token of tokenize(texts[i])) {
            const from = token * table.columns
            for (let c = 0; c < dimensions; c++) vector[c] += table.data[from + c]
          }
          // Of the mean only its direction is kept: the sum has the same.
          requireFinite(normalizeInPlace(vector), model, texts[i])
        }
        onProgress?.(end, texts.length)
      }
      return vectors
    },
    dispose: async () => {},
  }
}

function tooSmall({ weights }: ResolvedModel, rows: number, vocabulary: number): HydraError {
  return new HydraError('MODEL_CORRUPT', {
    expected: `a table of ${vocabulary} rows, one for each token of the tokenizer.json beside it`,
    got: `${rows} rows`,
    remedy: 'Fetch model.safetensors and tokenizer.json again, both from the same model.',
    where: weights,
  })
}
