import { createHash } from 'node:crypto'
import { HydraError } from '../../../../shared/errors'
import { createMatrix, type Matrix } from '../../numeric/matrix'
import { USUAL_FORMAT, type VectorFormat } from '../cache/vector-format'
import { readModelJson } from '../model-files'
import { findModelFolder } from '../model-folder'
import { formatModelName, OWN_OPTIONS, parseModelName } from '../model-name'
import type { Prefixes } from '../model-settings'
import { PROBE_TEXTS } from './probe-service'
import { ill } from './remote-errors'
import { REMOTE_FILE, type RemoteRecord, remoteRecordSchema } from './remote-record'

/** An encoder that another program runs. Plain JSON, as a model on disk is. */
export interface RemoteModel {
  readonly kind: 'remote'
  /** Under which it is opened again, options included. */
  readonly id: string
  /** Absolute; it holds remote.json alone. */
  readonly folder: string
  /** sha256 over address, model and probe: stands where that of a model's weights does. */
  readonly sha256: string
  /** sha256 over whatever changes a vector. */
  readonly fingerprint: string
  /** Components that are kept of `record.width`. */
  readonly dimensions: number
  readonly prefixes: Prefixes
  readonly vectors: VectorFormat
  readonly record: RemoteRecord
}

/** The record of a service by its name, with the options that fit one: `cut`, `query`, `document`, `vectors`. null: there is none of the name. */
export async function resolveRemote(name: string, roots: readonly string[]): Promise<RemoteModel | null> {
  const { place, dtype, options } = parseModelName(name)
  const found = await findModelFolder(place, roots, [REMOTE_FILE])
  if (!found) return null
  const record = await readModelJson(`${found.folder}/${REMOTE_FILE}`, remoteRecordSchema)
  const { pooling, tokens, cut, provider } = options
  const stray = dtype
    ? `:${dtype}`
    : pooling
      ? `pooling=${pooling}`
      : tokens
        ? `tokens=${tokens}`
        : provider
          ? `provider=${provider}`
          : null
  if (stray)
    throw unsupported(found.folder, 'cut, query, document and vectors as options of a service', stray)
  if (cut !== null && cut > record.width)
    throw unsupported(found.folder, `a cut to 1 to ${record.width} components`, String(cut))
  const dimensions = cut ?? record.width
  const prefixes = { query: options.query ?? '', document: options.document ?? '' }
  const vectors = options.vectors ?? USUAL_FORMAT
  const { api, url, model, width, longest, probe } = record
  const sha256 = hash([api, url, model, record.dimensions, probe])
  return {
    kind: 'remote',
    id: formatModelName({
      place: found.name,
      dtype: undefined,
      options: {
        ...OWN_OPTIONS,
        cut: dimensions === width ? null : dimensions,
        query: prefixes.query || null,
        document: prefixes.document || null,
        vectors: vectors === USUAL_FORMAT ? null : vectors,
      },
    }),
    folder: found.folder,
    sha256,
    fingerprint: hash([
      ...[sha256, width, dimensions, longest, prefixes.query, prefixes.document, record.types],
      ...(vectors === USUAL_FORMAT ? [] : [vectors]),
    ]),
    dimensions,
    prefixes,
    vectors,
    record,
  }
}

/** What the service made of the probe when it was added, [texts, width]. */
export function recordedProbe(record: RemoteRecord): Matrix {
  const bytes = Buffer.from(record.probe, 'base64')
  const rows = PROBE_TEXTS.length
  if (bytes.length !== rows * record.width * 4) {
    throw ill(record, `a probe of ${rows} vectors of ${record.width} components in ${REMOTE_FILE}`, 'another')
  }
  return createMatrix(
    rows,
    record.width,
    Float32Array.from({ length: rows * record.width }, (_, i) => bytes.readFloatLE(i * 4)),
  )
}

function hash(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}

function unsupported(folder: string, expected: string, got: string): HydraError {
  return new HydraError('MODEL_UNSUPPORTED', {
    expected,
    got,
    remedy: 'Leave it out: how texts are read is the service’s own.',
    where: folder,
  })
}
