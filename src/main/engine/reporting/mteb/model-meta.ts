import { DEFAULT_ENCODER } from '../../../../shared/default-encoder'

/** Under which all that the workbench measures stands: MTEB names a model `organisation/name`. */
const ORGANISATION = 'hydra-workbench'

export interface ModelMetaOptions {
  /** Row of the ladder. */
  readonly row: string
  /** `dense` systems rank by the encoder's vectors; a run file of somebody else's may hold anything. */
  readonly kind: 'dense' | 'sparse' | 'unknown'
  /** Id of the encoder. */
  readonly encoder: string
  /** What was measured: the run and its table. */
  readonly revision: string
  /** Names of the collections that the row was trained on; null: nothing was trained here. */
  readonly trainedOn: readonly string[] | null
}

export interface ModelMeta {
  readonly name: string
  readonly revision: string
  readonly [field: string]: unknown
}

/** A row as mteb's `ModelMeta` (mteb 2.26.24, models/model_meta.py) is written beside results; null: not known here. */
export function modelMeta({ row, kind, encoder, revision, trainedOn }: ModelMetaOptions): ModelMeta {
  const words = row.replaceAll(' ', '-')
  return {
    loader: null,
    name: `${ORGANISATION}/${slug(kind === 'dense' ? `${lastName(encoder)}-${words}` : words)}`,
    revision,
    release_date: null,
    languages: null,
    n_parameters: null,
    memory_usage_mb: null,
    max_tokens: null,
    embed_dim: null,
    license: null,
    open_weights: null,
    public_training_code: null,
    public_training_data: null,
    framework: ['ONNX'],
    similarity_fn_name: kind === 'dense' ? 'cosine' : null,
    use_instructions: null,
    training_datasets: trainedOn,
    adapted_from: kind === 'dense' ? publishedName(encoder) : null,
    modalities: ['text'],
    model_type: kind === 'unknown' ? [] : [kind],
  }
}

/** The folder of a model: two underscores stand for the stroke. */
export function modelFolder(name: string): string {
  return name.replaceAll('/', '__')
}

/** Two underscores would be read as a stroke. */
function slug(text: string): string {
  return text.replace(/[^A-Za-z0-9.-]+/g, '-')
}

/** `org/model?cut=256` without the organisation; options keep their strokes. */
function lastName(encoder: string): string {
  const [path, ...options] = encoder.split('?')
  return [path.split('/').at(-1), ...options].join('?')
}

/** The encoder's name on the hub, where it has one. */
function publishedName(encoder: string): string | null {
  const [name] = encoder.split('?')
  if (name === DEFAULT_ENCODER) return `sentence-transformers/${name}`
  return name.includes('/') ? name : null
}
